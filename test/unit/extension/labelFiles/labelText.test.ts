import { describe, expect, it } from 'vitest';
import { describesLabel } from '../../../../src/extension/labelFiles/describesLabel';
import { enclosingLabel } from '../../../../src/extension/labelFiles/enclosingLabel';
import { labelParts } from '../../../../src/extension/labelFiles/labelParts';
import type { LabelFormat } from '../../../../src/dataset/labels';
import { label } from './support';

const coco = '{"id": 7, "image_id": 1, "note": "a } \\" { b", "category_id" : 3, "bbox": [10, 20, 30, 40]}';
const voc =
  '<object>\n <part><name>head</name></part>\n <name>a &amp; b</name>\n <bndbox><xmin>1</xmin></bndbox>\n</object>';
const yolo = ' 12  0.5 0.25 0.1 0.2';

function partsOf(format: LabelFormat, text: string) {
  const { category, box } = labelParts(format, text);
  return [category, box].map(range => range && text.slice(range.start, range.end));
}

describe('labelParts', () => {
  it('finds class and box in each format', () => {
    expect(partsOf('coco', coco)).toEqual(['3', '[10, 20, 30, 40]']);
    expect(partsOf('voc', voc)).toEqual(['<name>a &amp; b</name>', '<bndbox><xmin>1</xmin></bndbox>']);
    expect(partsOf('yolo', yolo)).toEqual(['12', '0.5 0.25 0.1 0.2']);
  });

  it.each([
    ['coco', '{"id": '],
    ['coco', '[1, 2]'],
    ['voc', '<object><name>cat'],
    ['voc', ''],
    ['yolo', ''],
    ['yolo', '3'],
  ] as const)('finds nothing in %s %j', (format, text) => {
    expect(labelParts(format, text)).toEqual({ category: undefined, box: undefined });
  });
});

describe('describesLabel', () => {
  it('knows a COCO annotation by id and box, also the second one of an id', () => {
    expect(describesLabel('coco', coco, label({ id: '7' }))).toBe(true);
    expect(describesLabel('coco', coco, label({ id: '7 (2)' }))).toBe(true);
    expect(describesLabel('coco', coco, label({ id: '8' }))).toBe(false);
    expect(describesLabel('coco', coco, label({ id: '7', bbox: [11, 20, 30, 40] }))).toBe(false);
    expect(describesLabel('coco', coco.slice(1), label({ id: '7' }))).toBe(false);
  });

  it('knows a Pascal VOC object by its class, entities included', () => {
    expect(describesLabel('voc', voc, label({ category: 'a & b' }))).toBe(true);
    expect(describesLabel('voc', voc, label({ category: 'head' }))).toBe(false);
    expect(describesLabel('voc', ` ${voc}`, label({ category: 'a & b' }))).toBe(false);
  });

  it('knows a YOLO line by its form', () => {
    expect(describesLabel('yolo', yolo, label())).toBe(true);
    expect(describesLabel('yolo', `${yolo}\n${yolo}`, label())).toBe(false);
    expect(describesLabel('yolo', 'some text here in five words', label())).toBe(false);
  });
});

describe('enclosingLabel', () => {
  const xml = `<annotation>\n <size/>\n ${voc}\n <object><name>c</name></object>\n</annotation>`;

  it('finds the object of a Pascal VOC file that holds a place', () => {
    const at = (needle: string) => {
      const found = enclosingLabel('voc', xml, xml.indexOf(needle));
      return found && xml.slice(found.start, found.end);
    };
    expect(at('xmin')).toBe(voc);
    expect(at('<object>\n')).toBe(voc);
    expect(at('>c<')).toBe('<object><name>c</name></object>');
    expect(at('<size')).toBeUndefined();
    expect(at('</annotation')).toBeUndefined();
  });

  it('finds the line of a YOLO file', () => {
    const text = `0 0.1 0.1 0.1 0.1\r\n${yolo}\r\n\r\nnotes`;
    const at = (offset: number) => {
      const found = enclosingLabel('yolo', text, offset);
      return found && text.slice(found.start, found.end);
    };
    expect(at(0)).toBe('0 0.1 0.1 0.1 0.1');
    expect(at(25)).toBe(yolo);
    expect(at(text.length)).toBeUndefined();
  });
});
