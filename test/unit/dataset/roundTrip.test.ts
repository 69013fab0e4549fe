import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import type { CornerBox } from '../../../src/common/boxes';
import { findLabels } from '../../../src/dataset/findLabels';
import { editorText, lineAndColumn, Random, useFolders } from './support';

const folder = useFolders();
const names = ['cat', 'dog', '猫', 'a & b <c>', '__proto__', 'constructor', 'with "quotes"', '😀'];

interface Written {
  readonly category: number;
  readonly box: CornerBox;
  readonly crowd: boolean;
  readonly difficult: boolean;
}

/** Labels with quarter-pixel corners in an image of power-of-two size, so that every format keeps them exactly. */
function randomLabels(random: Random): Written[] {
  const quarter = (below: number) => random.integer(4 * below) / 4;
  return Array.from({ length: random.integer(12) }, () => {
    const [x1, y1] = [quarter(512), quarter(256)];
    return {
      category: random.integer(names.length),
      box: [x1, y1, x1 + quarter(500) - 5, y1 + quarter(200) - 5],
      crowd: random.chance(0.2),
      difficult: random.chance(0.2),
    };
  });
}

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function vocFile(labels: readonly Written[], newline: string): { text: string; entries: string[] } {
  const entries = labels.map(({ category, box: [x1, y1, x2, y2], difficult }) =>
    [
      `<object>`,
      `\t<name>${escapeXml(names[category])}</name><difficult>${Number(difficult)}</difficult>`,
      `\t<bndbox><ymax>${y2}</ymax><xmin>${x1}</xmin><ymin>${y1}</ymin><xmax>${x2}</xmax></bndbox>`,
      `</object>`,
    ].join(newline),
  );
  return { text: ['<annotation>', ...entries, '</annotation>', ''].join(newline), entries };
}

function yoloFile(labels: readonly Written[], newline: string): { text: string; entries: string[] } {
  const entries = labels.map(({ category, box: [x1, y1, x2, y2] }) => {
    const values = [(x1 + x2) / 2 / 1024, (y1 + y2) / 2 / 512, (x2 - x1) / 1024, (y2 - y1) / 512];
    return `${category} ${values.join(' ')}`;
  });
  return { text: entries.map(entry => entry + newline).join(''), entries };
}

function cocoFile(labels: readonly Written[], newline: string, random: Random): { text: string; entries: string[] } {
  const other = { id: 'other', image_id: 5, category_id: 100, bbox: [0, 0, 1, 1], note: '猫"]}' };
  const annotations: object[] = [];
  for (const [i, { category, box, crowd }] of labels.entries()) {
    for (; random.chance(0.4);) annotations.push(other);
    const bbox = [box[0], box[1], box[2] - box[0], box[3] - box[1]];
    annotations.push({ id: i, image_id: 'x', category_id: 100 + 3 * category, bbox, iscrowd: Number(crowd) });
  }
  const images = [
    { id: 5, file_name: 'other.png' },
    { id: 'x', file_name: 'x.png', width: 1024, height: 512 },
  ];
  const categories = names.map((name, i) => ({ id: 100 + 3 * i, name }));
  const parts = random.chance(0.5) ? { annotations, categories, images } : { images, annotations, categories };
  const text = JSON.stringify(parts, null, random.pick([undefined, 1, 4])).replaceAll('\n', newline);
  return { text, entries: annotations.filter(entry => entry !== other).map(entry => JSON.stringify(entry)) };
}

describe.each(Array.from({ length: 40 }, (_, seed) => seed))('random labels, seed %i', seed => {
  const random = new Random(seed);
  const written = randomLabels(random);
  const newline = random.pick(['\n', '\r\n', '\r']);
  const mark = random.pick(['', '\ufeff']);
  const formats = {
    voc: { file: 'x.xml', ...vocFile(written, newline) },
    yolo: { file: 'x.txt', ...yoloFile(written, newline) },
    coco: { file: 'x.json', ...cocoFile(written, newline, random) },
  };

  it.each(['voc', 'yolo', 'coco'] as const)('come back from %s', async format => {
    const { file, text, entries } = formats[format];
    const bytes = Buffer.from(mark + text);
    const yaml = names.map((name, i) => `  ${i}: ${JSON.stringify(name)}`).join('\n');
    const at = await folder({ [file]: bytes, 'data.yaml': `names:\n${yaml}\n` });
    const found = await findLabels({ file: join(at, 'x.png'), width: 1024, height: 512 }, join(at, file));
    if (found === undefined) throw new Error('not found');

    const outside = (message: string) => format === 'yolo' && message.includes('outside 0 to 1');
    expect(found.problems.filter(({ message }) => !outside(message))).toEqual([]);
    expect(found.format).toBe(format);
    expect(found.labels.map(({ category, box, crowd, difficult }) => ({ category, box, crowd, difficult }))).toEqual(
      written.map(({ category, box, crowd, difficult }) => ({
        category: names[category],
        box,
        crowd: format === 'coco' && crowd,
        difficult: format === 'voc' && difficult,
      })),
    );
    const decoded = editorText(bytes);
    found.labels.forEach(({ source }, i) => {
      const slice = decoded.slice(source.start, source.end);
      if (format === 'coco') expect(parse(slice)).toEqual(JSON.parse(entries[i]));
      else expect(slice).toBe(entries[i]);
      expect({ line: source.line, column: source.column }).toEqual(lineAndColumn(decoded, source.start));
    });
    expect(new Set(found.labels.map(label => label.id)).size).toBe(written.length);
  });
});

describe('damaged label files', () => {
  const random = new Random(99);
  const written = [...randomLabels(random), ...randomLabels(random), ...randomLabels(random)];
  const originals = {
    'x.xml': `<?xml version="1.0"?>\n<!DOCTYPE annotation [<!ENTITY e "v">]>\n<!-- c -->${vocFile(written, '\n').text}`,
    'x.txt': yoloFile(written, '\n').text,
    'x.json': cocoFile(written, '\n', random).text,
    'data.yaml': `nc: 2\nkpt_shape: [1, 2]\nnames:\n  0: a\n  1: "b"\n`,
  };

  it.each(Object.keys(originals) as (keyof typeof originals)[])('%s is read or refused, never more', async damaged => {
    const at = await folder(originals);
    const image = { file: join(at, 'images/x.png'), width: 1024, height: 512 };
    const original = Buffer.from(originals[damaged]);
    let refused = 0;
    for (let round = 0; round < 400; round++) {
      let bytes = Buffer.from(original);
      if (round % 2 === 0) bytes = bytes.subarray(0, random.integer(bytes.length + 1));
      for (let flips = random.integer(4); flips > 0 && bytes.length > 0; flips--)
        bytes[random.integer(bytes.length)] = random.chance(0.5)
          ? random.integer(256)
          : random.pick([...Buffer.from('{}[]",:<>/&\n\0-')]);
      const folderOfRound = await folder({ ...originals, [damaged]: bytes });
      const named = join(folderOfRound, damaged === 'data.yaml' ? 'x.txt' : damaged);
      try {
        const found = await findLabels(image, named);
        const text = editorText(bytes);
        for (const { source, box } of found?.labels ?? []) {
          expect(box.every(Number.isFinite)).toBe(true);
          expect(source.start).toBeLessThan(source.end);
          if (source.file === join(folderOfRound, damaged)) {
            expect(source.end).toBeLessThanOrEqual(text.length);
            expect({ line: source.line, column: source.column }).toEqual(lineAndColumn(text, source.start));
          }
        }
      } catch (error) {
        refused++;
        expect(error).toMatchObject({ name: 'UserError' });
        expect((error as Error).message).toContain(named);
      }
    }
    // The lines of a YOLO file stand alone: only a file without any good one is refused.
    if (damaged === 'data.yaml') expect(refused).toBe(0);
    else if (damaged === 'x.txt') expect(refused).toBeLessThan(40);
    else expect(refused).toBeGreaterThan(200);
  });
});
