import { parse } from 'jsonc-parser';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/common/errors';
import { CocoIndex } from '../../../src/dataset/coco/cocoIndex';
import { hashBaseName, matchName } from '../../../src/dataset/coco/imageNames';
import { findLabels } from '../../../src/dataset/findLabels';
import type { ImageLabels } from '../../../src/dataset/labels';
import { editorText, lineAndColumn, Random, useFolders } from './support';

const folder = useFolders();

const categories = [
  { id: 7, name: 'cat', supercategory: 'animal' },
  { id: 3, name: 'dog' },
];
const images = [
  { id: 10, file_name: 'x.jpg', width: 200, height: 100 },
  { id: 11, file_name: 'y.jpg', width: 200, height: 100 },
];
const annotation = (more: object) => ({ id: 1, image_id: 10, category_id: 7, bbox: [1, 2, 3, 4], iscrowd: 0, ...more });

/** Reads the labels of x.jpg from COCO JSON. */
async function read(json: string | Buffer | object, name = 'x.jpg'): Promise<ImageLabels> {
  const content = typeof json === 'string' || Buffer.isBuffer(json) ? json : JSON.stringify(json);
  const at = await folder({ 'labels.json': content });
  const labels = await findLabels({ file: join(at, name), width: 200, height: 100 }, join(at, 'labels.json'));
  if (labels === undefined) throw new Error('an explicit path never gives undefined');
  return labels;
}

const messages = (labels: ImageLabels) => labels.problems.map(({ message }) => message);

async function failureOf(promise: Promise<unknown>): Promise<UserError> {
  const failure = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(UserError);
  const error = failure as UserError;
  expect(error.message).not.toMatch(/[\r\n]/);
  return error;
}

describe('COCO labels', () => {
  it('reads boxes, sparse category ids and crowds of one image', async () => {
    const labels = await read({
      info: { description: 'with "quotes", {braces} and [brackets' },
      images,
      annotations: [
        annotation({ id: 900, bbox: [10.5, 20.25, 30, 40] }),
        annotation({ id: 2, image_id: 11 }),
        annotation({ id: 3, category_id: 3, iscrowd: 1, segmentation: { counts: 'a]}"\\', size: [1, 2] } }),
      ],
      categories,
    });
    expect(labels).toMatchObject({
      format: 'coco',
      labels: [
        { id: '900', category: 'cat', categoryId: 7, box: [10.5, 20.25, 40.5, 60.25], crowd: false },
        { id: '3', category: 'dog', categoryId: 3, box: [1, 2, 4, 6], crowd: true },
      ],
      problems: [],
      categories: [
        { name: 'cat', id: 7 },
        { name: 'dog', id: 3 },
      ],
    });
  });

  it('does not mind the order of the lists or other lists', async () => {
    const parts = { annotations: [annotation({})], extra: [[1], 'a', null, {}], categories, images };
    expect((await read(parts)).labels).toHaveLength(1);
    expect((await read({ ...parts, annotations: [] })).labels).toEqual([]);
    expect((await read({ images, annotations: [annotation({ image_id: 11 })], categories })).labels).toEqual([]);
  });

  it.each([
    ['strings', '"a-b"', '"a-b"'],
    ['a string and a number', '"10"', '10'],
    ['large numbers', '12345678901234567890', '12345678901234567890'],
    ['negative numbers', '-4', '-4'],
    ['floats', '10.0', '1e1'],
    ['escapes', '"a\\u002db"', '"a-b"'],
    ['__proto__', '"__proto__"', '"__proto__"'],
  ])('joins images and annotations by ids that are %s', async (_name, imageId, annotationId) => {
    const other = '{"id":12345678901234567891,"image_id":0,"file_name":"z.jpg"}';
    const labels = await read(
      `{"images":[${other},{"id":${imageId},"file_name":"x.jpg"}],"categories":[{"id":"c","name":"__proto__"}],` +
        `"annotations":[{"id":"A","image_id":${annotationId},"category_id":"c","bbox":[1,2,3,4]}]}`,
    );
    expect(labels.labels).toMatchObject([{ id: 'A', category: '__proto__', categoryId: undefined, box: [1, 2, 4, 6] }]);
    expect(labels.problems).toEqual([]);
  });

  it('takes the last of several equal keys, as JSON.parse does', async () => {
    const labels = await read(
      '{"images":[{"id":1,"id":10,"file_name":"no.jpg","file_name":"x.jpg"}],"categories":[{"id":7,"name":"cat"}],' +
        '"annotations":[{"image_id":99,"id":1,"image_id":10,"category_id":7,"bbox":[9,9,9,9],"bbox":[1,2,3,4]}]}',
    );
    expect(labels.labels).toMatchObject([{ box: [1, 2, 4, 6] }]);
  });

  it('keeps degenerate boxes', async () => {
    const { labels, problems } = await read({
      images,
      annotations: [annotation({ bbox: [5, 5, 0, 3] }), annotation({ id: 2, bbox: [5, 5, -2, 3] })],
      categories,
    });
    expect(labels.map(label => label.box)).toEqual([
      [5, 5, 5, 8],
      [5, 5, 3, 8],
    ]);
    expect(problems).toEqual([]);
  });

  it.each([
    ['"bbox":[1,2,3,NaN]', 'its "bbox" is not valid JSON: found "NaN"'],
    ['"bbox":[1,2,Infinity,3]', 'its "bbox" is not valid JSON: found "Infinity"'],
    ['"bbox":[1,2,3 4]', 'its "bbox" is not valid JSON: found "4"'],
    ['"bbox":[1,2,1e999,3]', 'its "bbox" is "[1,2,1e999,3]", expected four finite numbers'],
    ['"bbox":["1","2","3","4"]', 'expected four finite numbers'],
    ['"bbox":[1,2,3,null]', 'expected four finite numbers'],
    ['"bbox":[\n    1,\n    2\n  ]', 'its "bbox" is "[ 1, 2 ]", expected four finite numbers'],
    ['"bbox":[1,2,3]', 'expected four finite numbers'],
    ['"bbox":[1,2,3,4,5]', 'expected four finite numbers'],
    ['"bbox":{"x":1}', 'expected four finite numbers'],
    ['"bbox":null', 'it has no "bbox"'],
    ['"segmentation":[[1,2,3,4,5,6]]', 'it has no "bbox", only a segmentation'],
    ['"bbox":[1,2,3,4],"category_id":null', 'it has no "category_id"'],
  ])('leaves out an annotation with %s and reads the rest', async (fields, reason) => {
    const labels = await read(
      `{"images":${JSON.stringify(images)},"categories":${JSON.stringify(categories)},"annotations":[\n` +
        `${JSON.stringify(annotation({}))},\n{"id":5,"image_id":10,"category_id":7,${fields}},\n${JSON.stringify(annotation({ id: 6 }))}]}`,
    );
    expect(labels.labels.map(label => label.id)).toEqual(['1', '6']);
    expect(labels.problems).toHaveLength(1);
    expect(labels.problems[0]).toMatchObject({ line: 2, file: labels.files[0] });
    expect(labels.problems[0].message).toContain('annotation "5" is left out: ');
    expect(labels.problems[0].message).toContain(reason);
  });

  it('notes what is odd but usable', async () => {
    const labels = await read(
      `{"images":[${JSON.stringify(images[0])},{"id":10,"file_name":"z.jpg"},{"id":4},7],\n` +
        `"categories":[{"id":7,"name":"cat"},{"id":7,"name":"cow"},{"name":"none"},null],\n"annotations":[\n` +
        [
          annotation({ id: 1, category_id: 99 }),
          annotation({ id: 1 }),
          { ...annotation({}), id: undefined },
          annotation({ image_id: 12345 }),
          annotation({ image_id: undefined }),
        ]
          .map(entry => JSON.stringify(entry))
          .join(',\n') +
        `,\n"none",\n{"id":8,"image_id":10,"category_id":7,"bbox":[1,2,3,4],"area":NaN}]}`,
    );
    expect(labels.labels.map(({ id, category }) => [id, category])).toEqual([
      ['1', 'category 99'],
      ['1 (2)', 'cat'],
      ['number 3', 'cat'],
      ['8', 'cat'],
    ]);
    expect(labels.problems.map(({ line, message }) => `${line} ${message}`).sort()).toEqual(
      [
        '0 "images": no "file_name": 1 entries are left out, the first of them here',
        '0 "images": no object: 1 entries are left out, the first of them here',
        '0 several images have the id of "x.jpg"',
        '1 "categories": no object: 1 entries are left out, the first of them here',
        '1 a category without "id" is left out',
        '1 category "7" is stated twice, the first counts',
        '3 annotation "1": category "99" is not in "categories"',
        '4 annotation id "1" is used before in this image',
        '5 annotation without id (number 3)',
        '6 2 annotations name no listed image, the first of them here',
        '8 "annotations": no object: 1 entries are left out, the first of them here',
        '9 annotation "8" is not valid JSON: found "NaN"',
      ].sort(),
    );
  });

  it('notes another image size', async () => {
    const at = (size: object) =>
      read({ images: [{ id: 10, file_name: 'x.jpg', ...size }], annotations: [], categories });
    expect(messages(await at({ width: 200, height: 100 }))).toEqual([]);
    expect(messages(await at({}))).toEqual([]);
    expect(messages(await at({ width: 100, height: 200 }))[0]).toContain('EXIF');
  });

  it.each([
    ['', 'is no COCO label file: it holds no JSON object'],
    ['[{"image_id":1}]', 'is no COCO label file: it holds no JSON object'],
    ['{}', 'it has no keys, expected "images", "annotations" and "categories"'],
    ['{"shapes":[],"imagePath":"x.jpg"}', 'it has the keys "shapes", "imagePath", expected'],
    ['{"images":{},"annotations":[]}', '"images" is no list'],
    ['{"images":[],"annotations":[]}', 'has no labels for x.jpg: none of its 0 images has that name'],
    ['{"images":[{"id":1}\n', ':2: is not valid JSON: found the end of the file, expected "," or "]"'],
    ['{"images":[\n{"id":1', ':2: is not valid JSON: the file ends inside a value'],
    ['{"images":[\n\n{"id":1]', ':3: is not valid JSON: found "]", expected a key in quotation marks'],
    ['{"images":[{"id":[1}]', ':1: is not valid JSON: found "}", expected "]"'],
    ['{"images":[{} {}]}', 'found "{", expected "," or "]"'],
    ['{"images":[{},]}', 'found "]", expected a value'],
    ['{"images":[],}', 'found "}", expected a key'],
    ['{"images":[],"annotations":[]} {}', 'found "{", expected the end of the file'],
    ['{"images":[{"id" 1}]}', 'expected ":"'],
    ["{'images':[]}", 'found "\'", expected a key in quotation marks'],
    [`{"images":${'['.repeat(100_000)}`, 'nested more than 200 levels deep'],
    ['\ufeff\n{"images":[}', ':2: is not valid JSON'],
    [Buffer.from('\ufeff{"images":[]}', 'utf16le'), 'its text is UTF-16 or binary, expected UTF-8'],
  ])('refuses %j', async (json, message) => {
    expect((await failureOf(read(json))).message).toContain(message);
  });

  it('names file and line of what it refuses', async () => {
    const at = await folder({ 'a.json': '{"images":[],\n"annotations":[,]}' });
    const error = await failureOf(findLabels({ file: '/x.jpg', width: 1, height: 1 }, join(at, 'a.json')));
    expect(error.where).toBe(`${join(at, 'a.json')}:2`);
    expect(error.remedy).toBeDefined();
  });
});

describe('text ranges in COCO files', () => {
  const layouts = [
    ['one line', undefined, '\n', ''],
    ['pretty', 2, '\n', ''],
    ['CRLF and byte order mark', 1, '\r\n', '\ufeff'],
    ['CR', '\t', '\r', ''],
  ] as const;

  it.each(layouts)('are exact in a file of several blocks (%s)', async (_name, indent, newline, mark) => {
    const random = new Random(4);
    const words = ['x', '猫', 'é', '😀', '"', '\\', '[{', '}]', '\u2028', '\ufeff'];
    const noise = () => Array.from({ length: random.integer(40) }, () => random.pick(words)).join('');
    const many = Array.from({ length: 300 }, (_, i) => ({ id: i, file_name: `${noise()}/${i}猫.jpg`, note: noise() }));
    const annotations = Array.from({ length: 9000 }, (_, i) => ({
      note: noise(),
      id: i,
      image_id: random.integer(300),
      category_id: 7,
      bbox: [random.number(0, 100), random.number(0, 100), random.number(1, 50), random.number(1, 50)],
      segmentation: [Array.from({ length: random.integer(60) }, () => random.number(0, 500))],
    }));
    // One entry that is longer than a block.
    annotations[4500].note = '猫'.repeat(800_000);
    const json = JSON.stringify({ images: many, annotations, categories }, null, indent).replaceAll('\n', newline);
    const bytes = Buffer.from(mark + json);
    expect(bytes.length).toBeGreaterThan(4_000_000);
    const text = editorText(bytes);
    const at = await folder({ 'labels.json': bytes });
    const index = await CocoIndex.open(join(at, 'labels.json'), { sniff: false });
    if (!(index instanceof CocoIndex)) throw new Error(index.notCoco);
    expect([index.imageCount, index.annotationCount]).toEqual([300, 9000]);

    for (const wanted of [annotations[4500].image_id, 0, 299]) {
      const file = join(at, `${wanted}猫.jpg`);
      const { labels, problems } = (await findLabels({ file, width: 1, height: 1 }, join(at, 'labels.json'))) ?? {};
      expect(problems?.map(problem => problem.message)).toEqual(
        many[wanted].file_name.startsWith('/') ? [] : [expect.stringContaining('only the last part')],
      );
      const expected = annotations.filter(entry => entry.image_id === wanted);
      expect(labels?.map(label => label.id)).toEqual(expected.map(entry => String(entry.id)));
      labels?.forEach(({ source, box }, i) => {
        const slice = text.slice(source.start, source.end);
        expect(parse(slice)).toEqual(expected[i]);
        expect(slice).toMatch(/^\{[^]*\}$/);
        expect({ line: source.line, column: source.column }).toEqual(lineAndColumn(text, source.start));
        const [x, y, width, height] = expected[i].bbox;
        expect(box).toEqual([x, y, x + width, y + height]);
      });
    }
  });
});

describe('matchName', () => {
  const image = '/data/set/images/val/x.jpg';
  const score = (name: string, file = image) => matchName(name, file, '/data/set/annotations')?.score ?? 0;

  it('ranks names by how much of the path they agree with', () => {
    const names = [
      'other.jpg',
      'train/X.JPG',
      'train/x.jpg',
      'X.jpg',
      'x.jpg',
      'val/x.jpg',
      'images/val/x.jpg',
      '../images/val/x.jpg',
    ];
    const scores = names.map(name => score(name));
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
    expect(new Set(scores).size).toBe(scores.length);
    expect(scores[0]).toBe(0);
  });

  it('reads Windows paths, absolute paths, URLs and decomposed accents', () => {
    expect(score('images\\val\\x.jpg')).toBe(score('images/val/x.jpg'));
    expect(matchName('/elsewhere/val/x.jpg', image, '/')).toMatchObject({ whole: false });
    expect(matchName(image, image, '/')).toMatchObject({ whole: true });
    expect(matchName('http://host/val2017/x.jpg', image, '/')).toMatchObject({ whole: false });
    expect(matchName('e\u0301.jpg', '/a/\u00e9.jpg', '/')).toMatchObject({ whole: true });
    expect(hashBaseName('a/E\u0301.JPG')).toBe(hashBaseName('b\\\u00e9.jpg'));
  });

  it.each(['', '/', '..', '../../..', '../../../etc/passwd', 'x.jpg/', '\u0000'])('survives %j', name => {
    expect(() => matchName(name, image, '/data')).not.toThrow();
  });
});

describe('images of the same name', () => {
  const listed = (names: readonly string[], sizes: readonly number[] = []) => ({
    images: names.map((file_name, id) => ({ id, file_name, width: sizes[id], height: 100 })),
    annotations: names.map((_, id) => ({ id, image_id: id, category_id: 7, bbox: [1, 1, 1, 1] })),
    categories,
  });

  it('takes the entry with more of the path', async () => {
    const { labels, problems } = await read(listed(['a/x.jpg', 'b/x.jpg', 'x/b/x.jpg']), 'b/x.jpg');
    expect(labels.map(label => label.id)).toEqual(['1']);
    expect(problems).toEqual([]);
  });

  it('takes the entry with the image size, or else the first, and says so', async () => {
    const sized = await read(listed(['a/x.jpg', 'b/x.jpg'], [300, 200]), 'c/x.jpg');
    expect(sized.labels.map(label => label.id)).toEqual(['1']);
    expect(messages(sized)[0]).toContain('2 entries of "images" name the image equally well');
    const equal = await read(listed(['x.jpg', 'x.jpg']));
    expect(equal.labels.map(label => label.id)).toEqual(['0']);
    expect(messages(equal)[0]).toContain('2 entries');
  });

  it('says when only the base name agrees', async () => {
    const { labels, problems } = await read(listed(['elsewhere/x.jpg'], [200]));
    expect(labels).toHaveLength(1);
    expect(problems[0].message).toContain('listed as "elsewhere/x.jpg"');
  });

  it('opens nothing by a name in the file', async () => {
    const at = await folder({ 'labels.json': JSON.stringify(listed(['../../../../etc/x.jpg'], [200])) });
    const labels = await findLabels({ file: join(at, 'x.jpg'), width: 200, height: 100 }, join(at, 'labels.json'));
    expect(labels?.files).toEqual([join(at, 'labels.json')]);
    await expect(readFile(join(at, 'x.jpg'))).rejects.toThrow();
  });
});
