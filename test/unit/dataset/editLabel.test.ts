import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CornerBox } from '../../../src/common/boxes';
import { CocoDocument } from '../../../src/dataset/coco/cocoDocument';
import { addCoco } from '../../../src/dataset/edit/addCoco';
import { editLabel } from '../../../src/dataset/edit/editLabel';
import { addVoc } from '../../../src/dataset/edit/editVoc';
import { addYolo } from '../../../src/dataset/edit/editYolo';
import type { EditContext, LabelChange, NewLabel, PlacedLabel } from '../../../src/dataset/edit/labelChange';
import { applyEdits, inverseEdits, type TextEdit } from '../../../src/dataset/edit/textEdit';
import { findLabels } from '../../../src/dataset/findLabels';
import type { LabelFormat } from '../../../src/dataset/labels';
import { yoloFractions } from '../../../src/dataset/yolo/yoloLine';
import { editorText, Random, useFolders } from './support';

const folder = useFolders();

type AddContext = EditContext & { readonly imageFile: string };

async function addLabel(text: string, file: string, label: NewLabel, context: AddContext): Promise<TextEdit[]> {
  switch (context.format) {
    case 'coco':
      return addCoco(text, await CocoDocument.open(text, file), context.imageFile, label);
    case 'voc':
      return addVoc(text, file, label);
    case 'yolo':
      return addYolo(text, file, label, context);
  }
}
const size = { width: 1024, height: 512 };
const names = ['cat', 'a & b <c>', '猫 😀', '__proto__'];
const names7 = names.map((name, i) => ({ name, id: 7 * i }));

interface Item {
  category: number;
  box: CornerBox;
}

function randomItem(random: Random): Item {
  const quarter = (below: number) => random.integer(4 * below) / 4;
  const [x, y] = [quarter(500), quarter(250)];
  return { category: random.integer(names.length), box: [x, y, x + quarter(400), y + quarter(200)] };
}

/** A document in some style: what it says is written by `write`, so that a list of items has one text only. */
interface Style {
  readonly format: LabelFormat;
  readonly file: string;
  readonly write: (items: readonly Item[]) => string;
}

function cocoStyle(random: Random): Style {
  const newline = random.pick(['\n', '\r\n']);
  const indent = random.pick([undefined, undefined, 1, 2, 4, '\t']);
  const python = indent === undefined && random.chance(0.5);
  const quoted = random.chance(0.2);
  const withArea = random.chance(0.7);
  const first = random.chance(0.3);
  const others = random.chance(0.5);
  const id = (value: number) => (quoted ? String(value) : value);
  const write = (items: readonly Item[]) => {
    const annotations = items.map(({ category, box: [x1, y1, x2, y2] }, i) => ({
      id: id(10 + i),
      image_id: 'x',
      category_id: id(7 * category),
      ...(first ? { iscrowd: 0 } : {}),
      bbox: [x1, y1, x2 - x1, y2 - y1],
      ...(withArea ? { area: (x2 - x1) * (y2 - y1), segmentation: [] } : {}),
    }));
    const images = [
      { id: 5, file_name: '猫 😀 "]}.png' },
      { id: 'x', file_name: 'x.png', ...size },
    ];
    const document = others ? { annotations, images, categories: names7 } : { images, categories: names7, annotations };
    let text = JSON.stringify(document, null, indent);
    // As Python writes it: a blank after each comma and colon outside of strings.
    if (python) text = text.replace(/"(?:[^"\\]|\\.)*"|[,:]/g, token => (token.length === 1 ? `${token} ` : token));
    return text.replaceAll('\n', newline);
  };
  return { format: 'coco', file: 'x.json', write };
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function vocStyle(random: Random): Style {
  const newline = random.pick(['\n', '\r\n']);
  const unit = random.pick(['\t', '  ', '    ', '']);
  const compact = unit === '';
  const declaration = random.pick(['', '<?xml version="1.0"?>\n', '<!-- 猫 > -->\n']);
  const write = (items: readonly Item[]) => {
    const line = (level: number, text: string) => (compact ? text : `${unit.repeat(level)}${text}\n`);
    const objects = items.flatMap(({ category, box }) => [
      line(1, '<object>'),
      line(2, `<name>${escaped(names[category])}</name>`),
      line(2, '<pose>Unspecified</pose>'),
      line(2, '<truncated>0</truncated>'),
      line(2, '<difficult>0</difficult>'),
      line(2, '<bndbox>'),
      ...['xmin', 'ymin', 'xmax', 'ymax'].map((name, i) => line(3, `<${name}>${box[i]}</${name}>`)),
      line(2, '</bndbox>'),
      line(1, '</object>'),
    ]);
    const text = [declaration, line(0, '<annotation>'), line(1, '<filename>猫 😀</filename>'), ...objects];
    return [...text, line(0, '</annotation>')].join('').replaceAll('\n', newline);
  };
  return { format: 'voc', file: 'x.xml', write };
}

function yoloStyle(random: Random): Style {
  const newline = random.pick(['\n', '\r\n', '\r']);
  const ends = random.chance(0.5);
  const write = (items: readonly Item[]) => {
    const lines = items.map(({ category, box }) => `${7 * category} ${yoloFractions(box, size)}`);
    return lines.join(newline) + (ends && lines.length > 0 ? newline : '');
  };
  return { format: 'yolo', file: 'x.txt', write };
}

/** Reads the labels of a text as an editor with the file open would have them. */
async function read({ file }: Style, text: string, mark: string) {
  const yaml = names7.map(({ name, id }) => `  ${id}: ${JSON.stringify(name)}`).join('\n');
  const at = await folder({ 'data.yaml': `names:\n${yaml}\n` });
  await writeFile(join(at, file), mark + text);
  const found = await findLabels({ file: join(at, 'x.png'), ...size }, join(at, file));
  if (found === undefined) throw new Error('not found');
  return found.labels;
}

function checkEdits(text: string, edits: readonly TextEdit[]): string {
  const after = applyEdits(text, edits);
  expect(applyEdits(after, inverseEdits(text, edits))).toBe(text);
  return after;
}

const styles = { coco: cocoStyle, voc: vocStyle, yolo: yoloStyle };

describe.each(['coco', 'voc', 'yolo'] as const)('%s', format => {
  it.each(Array.from({ length: 25 }, (_, seed) => seed))('edits only what it should, seed %i', async seed => {
    const random = new Random(100 + seed);
    const style = styles[format](random);
    const mark = random.pick(['', '\ufeff']);
    let items = Array.from({ length: 2 + random.integer(4) }, () => randomItem(random));
    const text = style.write(items);
    expect(editorText(Buffer.from(mark + text))).toBe(text);
    const labels = await read(style, text, mark);
    expect(labels).toHaveLength(items.length);
    const index = random.integer(items.length);
    const { source } = labels[index];
    const context: AddContext = { format, ...size, imageFile: '/d/x.png' };

    const edit = (change: LabelChange) => editLabel(text, source, change, context);
    const replaced = (item: Item) => items.map((old, i) => (i === index ? item : old));

    const other = randomItem(random);
    const changed = { ...items[index], category: other.category };
    const classEdits = edit({ kind: 'changeClass', category: names7[other.category] });
    expect(checkEdits(text, classEdits)).toBe(style.write(replaced(changed)));
    expect(classEdits.length).toBe(changed.category === items[index].category ? 0 : 1);

    const moved = { ...items[index], box: other.box };
    expect(checkEdits(text, edit({ kind: 'replaceBox', box: other.box }))).toBe(style.write(replaced(moved)));
    expect(edit({ kind: 'replaceBox', box: items[index].box })).toEqual([]);

    const removal = checkEdits(text, edit({ kind: 'remove' }));
    const left = items.filter((_, i) => i !== index);
    const expected = style.write(left);
    // Ids count on in what was written anew.
    if (format === 'coco') expect(withoutIds(removal)).toBe(withoutIds(expected));
    else expect(removal.trimEnd()).toBe(expected.trimEnd());
    if (left.length > 0) expect(await read(style, removal, mark)).toHaveLength(left.length);

    // Adding goes on from one to the next: the layout stays what it was.
    let now = text;
    for (let round = 0; round < 3; round++) {
      const item = randomItem(random);
      const edits = await addLabel(now, 'x', { category: names7[item.category], box: item.box }, context);
      now = checkEdits(now, edits);
      items = [...items, item];
      expect(now).toBe(style.write(items));
    }
    expect(await read(style, now, mark)).toHaveLength(items.length);
  });

  it('adds the first label and removes the last', async () => {
    for (let seed = 0; seed < 12; seed++) {
      const random = new Random(seed);
      const style = styles[format](random);
      const empty = style.write([]);
      const item = randomItem(random);
      const label = { category: names7[item.category], box: item.box };
      const one = checkEdits(
        empty,
        await addLabel(empty, 'x', label, { format, ...size, imageFile: '/elsewhere/x.png' }),
      );
      const [read1, ...rest] = await read(style, one, '');
      expect(rest).toEqual([]);
      expect({ category: read1.category, box: read1.box }).toEqual({ category: names[item.category], box: item.box });
      const back = checkEdits(one, editLabel(one, read1.source, { kind: 'remove' }, { format, ...size }));
      if (format === 'yolo') expect(back.trim()).toBe('');
      else expect(back).toBe(empty);
    }
  });
});

const withoutIds = (text: string) => text.replace(/("id":\s*"?)1\d("?,)/g, '$1N$2');

function placed(text: string, part: string): PlacedLabel {
  const start = text.indexOf(part);
  return { file: 'f', start, end: start + part.length };
}

describe('COCO details', () => {
  const coco = { format: 'coco' as const, ...size };
  const box: CornerBox = [1, 2, 11, 22.5];

  it('keeps the area of a segmentation, strange numbers and unknown keys', () => {
    const text = '[{"bbox" : [1.0,2, 1e1 ,20], "area":17.5,"segmentation":[[1,2,3]],"x":{"bbox":[0]}}]';
    const edits = editLabel(text, placed(text, text.slice(1, -1)), { kind: 'replaceBox', box }, coco);
    expect(applyEdits(text, edits)).toBe(text.replace(',20]', ',20.5]'));
  });

  it('changes the last of several equal keys, which is the one that counts', () => {
    const text = '[{"category_id":1,"category_id":2}]';
    const change = { kind: 'changeClass', category: { name: 'x', id: 5 } } as const;
    expect(applyEdits(text, editLabel(text, placed(text, text.slice(1, -1)), change, coco))).toBe(
      '[{"category_id":1,"category_id":5}]',
    );
  });

  it.each([
    ['a text that has changed', '[ {"bbox":[1,2,3,4]} ]', 1],
    ['an entry without its list', '{"bbox":[1,2,3,4]}', 0],
  ])('refuses %s', (_, text, start) => {
    const label = { file: 'f', start, end: start + 18 };
    expect(() => editLabel(text, label, { kind: 'remove' }, coco)).toThrow('the text has changed since');
  });

  it('refuses a category without number, an image that is not listed and boxes without end', async () => {
    const text = '{"images":[{"id":1,"file_name":"a.jpg"}],"annotations":[{"id":1,"category_id":1}],"categories":[]}';
    const label = placed(text, '{"id":1,"category_id":1}');
    const category = { name: 'x', id: undefined };
    expect(() => editLabel(text, label, { kind: 'changeClass', category }, coco)).toThrow('"x" has no number');
    const context = { ...coco, imageFile: '/b.jpg' };
    await expect(addLabel(text, 'f', { category: { name: 'x', id: 1 }, box }, context)).rejects.toThrow(
      'f: does not list b.jpg with an id',
    );
    const endless: CornerBox = [0, 0, NaN, 1];
    expect(() => editLabel(text, label, { kind: 'replaceBox', box: endless }, coco)).toThrow(RangeError);
  });

  it('gives ids that are free, however long the others are', async () => {
    const text =
      '{"images":[{"id":1,"file_name":"a.jpg"}],"annotations":[{"id":123456789012345678901,"image_id":1},{"id":3,"image_id":1}],"categories":[]}';
    const edits = await addLabel(text, 'f', { category: { name: 'x', id: 1 }, box }, { ...coco, imageFile: '/a.jpg' });
    expect(applyEdits(text, edits)).toContain(
      ',{"id":123456789012345678902,"image_id":1,"category_id":1,"bbox":[1,2,10,20.5]}]',
    );
  });
});

describe('Pascal VOC details', () => {
  const voc = { format: 'voc' as const, ...size };

  it('keeps comments, attributes and odd blanks', () => {
    const object =
      '<object id="a>b"><!-- c --><name a=">" > cat </name><bndbox><xmin> 1.0 </xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox></object>';
    const text = `<annotation>${object}</annotation>`;
    const label = placed(text, object);
    const renamed = editLabel(text, label, { kind: 'changeClass', category: { name: 'a&b', id: undefined } }, voc);
    expect(applyEdits(text, renamed)).toBe(text.replace('> cat <', '>a&amp;b<'));
    expect(editLabel(text, label, { kind: 'changeClass', category: { name: 'cat', id: undefined } }, voc)).toEqual([]);
    const moved = editLabel(text, label, { kind: 'replaceBox', box: [1, 2, 3.5, 4] }, voc);
    expect(applyEdits(text, moved)).toBe(text.replace('>3<', '>3.5<'));
  });

  it.each([
    ['<annotation/>', 'has no <annotation> with a closing tag'],
    ['<a></a>', 'has no <annotation> with a closing tag'],
    ['<annotation>', 'is not well-formed XML'],
  ])('refuses to add to %s', async (text, message) => {
    const label = { category: { name: 'x', id: undefined }, box: [1, 2, 3, 4] as const };
    await expect(addLabel(text, 'f', label, { ...voc, imageFile: 'x' })).rejects.toThrow(message);
  });
});

describe('YOLO details', () => {
  const yolo = { format: 'yolo' as const, width: 100, height: 100 };
  const text = '0 0.1 0.1 0.2 0.1 0.2 0.2\r\n1  0.50\t0.5 0.2 0.2 0.9\r\n2 0.5 0.5 0.2 0.2 1 2 3 4\r\n';
  const lines = text.split('\r\n').map(line => placed(text, line));

  it('refuses new boxes for polygons, but not other changes', () => {
    const box: CornerBox = [0, 0, 10, 10];
    expect(() => editLabel(text, lines[0], { kind: 'replaceBox', box }, yolo)).toThrow(
      'f:1: the label is a polygon, whose box cannot be replaced alone; correct its corners',
    );
    const category = { name: 'x', id: 4 };
    expect(applyEdits(text, editLabel(text, lines[0], { kind: 'changeClass', category }, yolo))).toBe(
      text.replace('0 0.1', '4 0.1'),
    );
    expect(applyEdits(text, editLabel(text, lines[0], { kind: 'remove' }, yolo))).toBe(text.slice(27));
  });

  it('keeps confidence, key points and blanks', () => {
    const box: CornerBox = [40, 40, 60, 70];
    expect(applyEdits(text, editLabel(text, lines[1], { kind: 'replaceBox', box }, yolo))).toBe(
      text.replace('0.50\t0.5 0.2 0.2 0.9', '0.50\t0.55 0.2 0.3 0.9'),
    );
    const pose = { ...yolo, keypointNumbers: 4 };
    expect(applyEdits(text, editLabel(text, lines[2], { kind: 'replaceBox', box }, pose))).toBe(
      text.replace('0.5 0.2 0.2 1 2', '0.55 0.2 0.3 1 2'),
    );
  });

  it('adds key points that are not labelled to a pose data set', async () => {
    const label = { category: { name: 'x', id: 1 }, box: [0, 0, 100, 50] as const };
    const edits = await addLabel('', 'f', label, { ...yolo, keypointNumbers: 4, imageFile: 'x' });
    expect(edits).toEqual([{ file: 'f', offset: 0, length: 0, text: '1 0.5 0.25 1 0.5 0 0 0 0\n' }]);
  });
});

describe('applyEdits', () => {
  it.each([
    [
      [
        { offset: 2, length: 2, text: '' },
        { offset: 3, length: 0, text: '' },
      ],
    ],
    [[{ offset: 4, length: 2, text: '' }]],
    [[{ offset: -1, length: 0, text: '' }]],
  ])('refuses what does not fit: %j', changes => {
    expect(() => applyEdits('12345', changes)).toThrow(RangeError);
  });
});
