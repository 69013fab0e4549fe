import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readVoc } from '../../../src/dataset/voc/readVoc';
import { UserError } from '../../../src/common/errors';
import { editorText, lineAndColumn, useFolders } from './support';

const folder = useFolders();
const image = { file: '/images/x.jpg', width: 640, height: 480 };

async function read(xml: string | Buffer, of = image) {
  const at = await folder();
  const file = join(at, 'x.xml');
  await writeFile(file, xml);
  return readVoc(file, of);
}

const object = (name: string, box: readonly (number | string)[], more = '') =>
  `<object><name>${name}</name>${more}<bndbox><xmin>${box[0]}</xmin><ymin>${box[1]}</ymin><xmax>${box[2]}</xmax><ymax>${box[3]}</ymax></bndbox></object>`;
const annotation = (...objects: string[]) => `<annotation>${objects.join('')}</annotation>`;

describe('readVoc', () => {
  it('reads objects with coordinates as written and nothing else', async () => {
    const labels = await read(
      annotation(
        object('cat', [1, 2, 30.5, 40]),
        object('dog', ['1e1', '-3', '+20', '.5'], '<difficult>1</difficult>'),
      ),
    );
    expect(labels.labels).toMatchObject([
      { id: '1', category: 'cat', categoryId: undefined, box: [1, 2, 30.5, 40], difficult: false, crowd: false },
      { id: '2', category: 'dog', box: [10, -3, 20, 0.5], difficult: true },
    ]);
    expect(labels.problems).toEqual([]);
    expect(labels.format).toBe('voc');
  });

  it('reads an image without objects as one without labels', async () => {
    expect(await read('<annotation><filename>x.jpg</filename></annotation>')).toMatchObject({
      labels: [],
      problems: [],
    });
  });

  it('does not take the parts of a person for objects', async () => {
    const part =
      '<part><name>head</name><bndbox><xmin>5</xmin><ymin>5</ymin><xmax>6</xmax><ymax>6</ymax></bndbox></part>';
    const person = `<object><name>person</name>${part}<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox>${part}</object>`;
    const { labels, problems } = await read(annotation(person));
    expect(labels).toMatchObject([{ category: 'person', box: [1, 2, 3, 4] }]);
    expect(problems).toEqual([]);
  });

  it.each([
    ['LF', '\n', '', 'utf8'],
    ['CRLF', '\r\n', '', 'utf8'],
    ['CR', '\r', '', 'utf8'],
    ['byte order mark', '\n', '\ufeff', 'utf8'],
    ['UTF-16', '\r\n', '\ufeff', 'utf16le'],
  ] as const)('gives each object its exact text (%s)', async (_name, newline, mark, encoding) => {
    const objects = [
      object('猫 😀', [1, 2, 3, 4]),
      `  ${object('b', [5, 6, 7, 8], newline)}`,
      object('a &amp; b', [0, 0, 1, 1]),
    ];
    const xml = ['<?xml version="1.0"?>', '<!-- é😀 -->', '<annotation>', ...objects, '</annotation>'].join(newline);
    const bytes = Buffer.from(mark + xml, encoding);
    const { labels, problems } = await read(bytes);
    expect(problems).toEqual([]);
    expect(labels.map(label => label.category)).toEqual(['猫 😀', 'b', 'a & b']);
    const text = encoding === 'utf16le' ? xml : editorText(bytes);
    labels.forEach(({ source }, i) => {
      expect(text.slice(source.start, source.end)).toBe(objects[i].trim());
      expect({ line: source.line, column: source.column }).toEqual(lineAndColumn(text, source.start));
    });
  });

  it('reads entities, character references and CDATA, and a declared encoding', async () => {
    const xml = `<?xml version="1.0" encoding="ISO-8859-1"?>${annotation(object('<![CDATA[a<b]]>', [1, 1, 2, 2]), object('&lt;&#233;\u00e9', [1, 1, 2, 2]))}`;
    const { labels } = await read(Buffer.from(xml, 'latin1'));
    expect(labels.map(label => label.category)).toEqual(['a<b', '<éé']);
  });

  it('never expands entities of a document type', async () => {
    const bomb = Array.from({ length: 20 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
    const xml = `<!DOCTYPE annotation [<!ENTITY l0 "lol"><!ENTITY x SYSTEM "file:///etc/passwd">${bomb}]>`;
    const { labels } = await read(xml + annotation(object('&l20;', [1, 1, 2, 2]), object('&x;', [1, 1, 2, 2])));
    expect(labels.map(label => label.category)).toEqual(['&l20;', '&x;']);
  });

  it('keeps degenerate boxes', async () => {
    const { labels, problems } = await read(annotation(object('a', [10, 10, 10, 20]), object('b', [9, 9, 3, 3])));
    expect(labels.map(label => label.box)).toEqual([
      [10, 10, 10, 20],
      [9, 9, 3, 3],
    ]);
    expect(problems).toEqual([]);
  });

  it('leaves out malformed objects with file and line and reads the rest', async () => {
    const wrong = [
      ['<object><name>a</name></object>', 'object 1 is left out: "a" has no <bndbox>'],
      [object('', [1, 2, 3, 4]), 'object 2 is left out: it has no <name>'],
      [
        object('c', ['1,5', 2, 3, 4]),
        'object 3 is left out: <xmin>: "1,5" has a decimal comma, expected a decimal point',
      ],
      [object('d', [1, 'NaN', 3, 4]), 'object 4 is left out: <ymin>: "NaN" is no finite number'],
      [object('e', [1, 2, 'Infinity', 4]), 'object 5 is left out: <xmax>: "Infinity" is no finite number'],
      [object('f', [1, 2, 3, '1e999']), 'object 6 is left out: <ymax>: "1e999" is too large a number'],
      [object('g', [1, 2, 3, '0x10']), 'object 7 is left out: <ymax>: "0x10" is no finite number'],
      [object('h', ['', 2, 3, 4]), 'object 8 is left out: <xmin>: a number is missing'],
      [
        '<object><name>i</name><bndbox><xmin>1</xmin></bndbox></object>',
        'object 9 is left out: its <bndbox> has no <ymin>',
      ],
    ];
    const { labels, problems, files } = await read(
      ['<annotation>', ...wrong.map(([xml]) => xml), object('__proto__', [1, 2, 3, 4]), '</annotation>'].join('\n'),
    );
    expect(labels.map(label => label.category)).toEqual(['__proto__']);
    expect(problems).toEqual(wrong.map(([, message], i) => ({ message, file: files[0], line: i + 1 })));
  });

  it('notes another image size, and a swapped one', async () => {
    const sized = (width: number, height: number) =>
      read(`<annotation>\n<size><width>${width}</width><height>${height}</height></size></annotation>`);
    expect((await sized(640, 480)).problems).toEqual([]);
    expect((await sized(320, 240)).problems).toMatchObject([
      { line: 1, message: 'the image is 640x480, the labels state 320x240' },
    ]);
    expect((await sized(480, 640)).problems[0].message).toContain('EXIF');
  });

  it.each([
    ['<annotation><object></annotation>', ':1: is not well-formed XML'],
    ['<annotation>\n\n<object', ':3: is not well-formed XML'],
    ['<annotation>😀\n😀<a b></annotation>', ':2: is not well-formed XML'],
    ['', ':1: is not well-formed XML'],
    ['<annotations/>', 'its root element is not <annotation>'],
    ['<a>'.repeat(200_000), 'nested too deeply'],
  ])('refuses %#', async (xml, message) => {
    const failure = await read(xml).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(UserError);
    expect((failure as UserError).message).toContain(message);
    expect((failure as UserError).message).not.toContain('\n');
  });

  it('takes linear time for carriage returns and many elements', async () => {
    const started = performance.now();
    await read(`<annotation>${'\r'.repeat(4_000_000)}</annotation>`);
    await read(annotation(...Array.from({ length: 10_000 }, (_, i) => object('a', [i, i, i + 1, i + 1]))));
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
