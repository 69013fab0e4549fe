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
  const image = { width: 200, height: 400 };
  const describes = (format: LabelFormat, text: string, changes: Parameters<typeof label>[0]) =>
    describesLabel(format, text, label(changes), image);

  it('knows a COCO annotation by id and box, also the second one of an id', () => {
    expect(describes('coco', coco, { id: '7' })).toBe(true);
    expect(describes('coco', coco, { id: '7 (2)' })).toBe(true);
    expect(describes('coco', coco, { id: '8' })).toBe(false);
    expect(describes('coco', coco, { id: '7', bbox: [10, 20, 30, 41] })).toBe(false);
    expect(describes('coco', coco.slice(1), { id: '7' })).toBe(false);
  });

  it('knows a Pascal VOC object by its class, entities included, and its box', () => {
    const object = voc.replace('<xmin>1</xmin>', '<xmin>10</xmin><ymin>20</ymin><xmax>40</xmax><ymax>60</ymax>');
    expect(describes('voc', object, { category: 'a & b' })).toBe(true);
    expect(describes('voc', object, { category: 'head' })).toBe(false);
    expect(describes('voc', object, { category: 'a & b', bbox: [10, 20, 31, 40] })).toBe(false);
    expect(describes('voc', voc, { category: 'a & b' })).toBe(false);
    expect(describes('voc', ` ${object}`, { category: 'a & b' })).toBe(false);
  });

  it('knows a YOLO line by its box, whatever follows it', () => {
    const bbox = [90, 60, 20, 80] as const;
    expect(describes('yolo', yolo, { bbox })).toBe(true);
    expect(describes('yolo', `${yolo} 0.9`, { bbox })).toBe(true);
    expect(describes('yolo', `${yolo} 0.1 0.2 2 0.3 0.4 2`, { bbox })).toBe(true);
    expect(describes('yolo', '3 0.45 0.15 0.55 0.15 0.55 0.35', { bbox })).toBe(true);
    expect(describes('yolo', yolo, { bbox: [90, 60, 20, 81] })).toBe(false);
    expect(describes('yolo', `${yolo}\n${yolo}`, { bbox })).toBe(false);
    expect(describes('yolo', 'some text here in five words', { bbox })).toBe(false);
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
