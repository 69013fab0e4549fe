import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNamesList, readYamlNames } from '../../../src/dataset/yolo/classNames';
import { parseYoloLine } from '../../../src/dataset/yolo/parseYoloLine';
import { readYoloText, yoloLabels } from '../../../src/dataset/yolo/readYolo';
import { looksLikeYolo, yoloPaths } from '../../../src/dataset/yolo/yoloPaths';
import { editorText, lineAndColumn, useFolders } from './support';

const folder = useFolders();
const image = { file: '/images/x.jpg', width: 200, height: 100 };
const noKeypoints = { keypointNumbers: 0 };

async function read(text: string | Buffer, names?: readonly string[]) {
  const at = await folder();
  const file = join(at, 'x.txt');
  await writeFile(file, text);
  const classes = names && {
    file: join(at, 'classes.txt'),
    names: new Map(names.map((name, i) => [i, name])),
    keypointNumbers: 0,
    problems: [],
    layout: undefined,
  };
  return yoloLabels(await readYoloText(file), image, classes);
}

describe('parseYoloLine', () => {
  const box = (line: string, columns = noKeypoints) => {
    const parsed = parseYoloLine(line, image, columns);
    if (typeof parsed === 'string') throw new Error(parsed);
    return { classIndex: parsed.classIndex, box: parsed.box.map(value => Math.round(value * 1e6) / 1e6) };
  };

  it.each([
    ['3 0.5 0.5 0.2 0.4', 3, [80, 30, 120, 70]],
    ['  0\t0.5   0.5 1 1  ', 0, [0, 0, 200, 100]],
    ['1.0 5e-1 5E-1 2.0e-1 .4', 1, [80, 30, 120, 70]],
    ['2 0.5 0.5 0.2 0.4 0.87', 2, [80, 30, 120, 70]],
    ['2 0.5 0.5 0 -0.1', 2, [100, 55, 100, 45]],
    // Polygons: a triangle, an oriented box, five corners, one with confidence.
    ['0 0.1 0.2 0.5 0.1 0.3 0.9', 0, [20, 10, 100, 90]],
    ['0 0.1 0.2 0.5 0.1 0.9 0.5 0.4 0.8', 0, [20, 10, 180, 80]],
    ['0 0.1 0.2 0.5 0.1 0.9 0.5 0.4 0.8 0.2 0.3', 0, [20, 10, 180, 80]],
    ['0 0.1 0.2 0.5 0.1 0.9 0.5 0.4 0.8 0.99', 0, [20, 10, 180, 80]],
  ])('reads %j', (line, classIndex, expected) => {
    expect(box(line)).toEqual({ classIndex, box: expected });
  });

  it('takes key points of a pose data set for what they are', () => {
    const line = '0 0.5 0.5 0.2 0.4 0.9 0.9 2 0.1 0.1 1';
    expect(box(line, { keypointNumbers: 6 }).box).toEqual([80, 30, 120, 70]);
    expect(box(`${line} 0.5`, { keypointNumbers: 6 }).box).toEqual([80, 30, 120, 70]);
  });

  it.each([
    ['0 0.5 0.5 0.2', '4 columns, expected class, x, y, width and height'],
    ['cat 0.5 0.5 0.2 0.2', '"cat" is no finite number'],
    ['0 0,5 0,5 0,2 0,2', '"0,5" has a decimal comma, expected a decimal point'],
    ['0,0.5,0.5,0.2,0.2', 'the columns are not separated by blanks'],
    ['0 nan 0.5 0.2 0.2', '"nan" is no finite number'],
    ['0 inf 0.5 0.2 0.2', '"inf" is no finite number'],
    ['-1 0.5 0.5 0.2 0.2', 'the class index is -1, expected 0, 1, 2...'],
    ['1.5 0.5 0.5 0.2 0.2', 'the class index is 1.5, expected 0, 1, 2...'],
    ['0 0.5 0.5 0.2 0x1', '"0x1" is no finite number'],
  ])('says what is wrong with %j', (line, message) => {
    expect(parseYoloLine(line, image, noKeypoints)).toBe(message);
  });
});

describe('yoloLabels', () => {
  it.each([
    ['LF', '\n', ''],
    ['CRLF', '\r\n', ''],
    ['CR', '\r', ''],
    ['byte order mark', '\r\n', '\ufeff'],
  ])('gives each label its exact line (%s)', async (_name, newline, mark) => {
    const lines = ['0 0.5 0.5 0.2 0.4', '', '  1 0.5 0.5 0.1 0.1 ', '猫', '\t', '0 0.1 0.1 0.1 0.1'];
    const bytes = Buffer.from(mark + lines.join(newline));
    const { labels, problems } = await read(bytes, ['a', 'b']);
    const text = editorText(bytes);
    expect(labels.map(({ source }) => text.slice(source.start, source.end))).toEqual([lines[0], lines[2], lines[5]]);
    expect(labels.map(label => label.id)).toEqual(['1', '3', '6']);
    for (const { source } of labels)
      expect({ line: source.line, column: source.column }).toEqual(lineAndColumn(text, source.start));
    expect(problems).toMatchObject([
      { line: 3, message: 'line 4 is left out: 1 columns, expected class, x, y, width and height' },
    ]);
  });

  it('names classes, also those without a name', async () => {
    const { labels, problems, categories } = await read('0 .5 .5 .1 .1\n7 .5 .5 .1 .1\n1 .5 .5 .1 .1', [
      '__proto__',
      'b',
    ]);
    expect(labels.map(({ category, categoryId }) => [category, categoryId])).toEqual([
      ['__proto__', 0],
      ['class 7', 7],
      ['b', 1],
    ]);
    expect(problems).toMatchObject([{ line: 1, message: 'line 2: class 7 is not named in classes.txt' }]);
    expect(categories).toEqual([
      { id: 0, name: '__proto__' },
      { id: 1, name: 'b' },
    ]);
  });

  it('says once that there are no class names', async () => {
    const { labels, problems } = await read('0 .5 .5 .1 .1\n7 .5 .5 .1 .1');
    expect(labels.map(label => label.category)).toEqual(['class 0', 'class 7']);
    expect(problems).toHaveLength(1);
  });

  it('keeps boxes outside the image and notes them, but not rounding', async () => {
    const { labels, problems } = await read('0 320 240 50 60\n0 1.0000005 0.5 -0.0000005 1', ['a']);
    expect(labels).toHaveLength(2);
    expect(problems.map(problem => problem.line)).toEqual([0]);
  });

  it('reads an empty file as an image without objects', async () => {
    expect(await read('', ['a'])).toMatchObject({ labels: [], problems: [] });
    expect(await read(' \r\n \r\n', ['a'])).toMatchObject({ labels: [], problems: [] });
  });

  it('keeps the list of problems short', async () => {
    const { labels, problems } = await read(`${'bad\n'.repeat(5000)}0 .5 .5 .1 .1`, ['a']);
    expect(labels).toHaveLength(1);
    expect(problems).toHaveLength(101);
    expect(problems[100]).toMatchObject({ line: 4999, message: '4900 more problems, the last of them here' });
  });
});

describe('class names', () => {
  const yaml = async (text: string) => readYamlNames(join(await folder({ 'data.yaml': text }), 'data.yaml'));

  it.each([
    [
      'nc: 2\nnames: [cat, "d: og"]',
      [
        [0, 'cat'],
        [1, 'd: og'],
      ],
    ],
    [
      'names:\n- cat\n- no\n- 3',
      [
        [0, 'cat'],
        [1, 'no'],
        [2, '3'],
      ],
    ],
    [
      '# x\npath: ../up\nnames:\n  0: cat\n  5: dog',
      [
        [0, 'cat'],
        [5, 'dog'],
      ],
    ],
    [
      'names: {"1": b, 0: a}',
      [
        [1, 'b'],
        [0, 'a'],
      ],
    ],
    [
      'names:\n  0: __proto__\n  1: constructor\n__proto__: {x: 1}',
      [
        [0, '__proto__'],
        [1, 'constructor'],
      ],
    ],
    ['names: []', []],
  ])('reads %j', async (text, expected) => {
    const classes = await yaml(text);
    expect([...(classes?.names ?? [])]).toEqual(expected);
    expect(classes?.problems).toEqual([]);
  });

  it('notes another number of classes and entries that are no names', async () => {
    expect((await yaml('nc: 3\nnames: [a]'))?.problems).toEqual(['`nc` is "3", `names` holds 1 classes']);
    expect((await yaml('names: [a, null, [x]]'))?.problems).toHaveLength(2);
    expect((await yaml('names: {a: 0, -1: b, 1: c}'))?.problems).toHaveLength(2);
  });

  it('reads the shape of key points', async () => {
    expect((await yaml('kpt_shape: [17, 3]\nnames: [person]'))?.keypointNumbers).toBe(51);
    expect((await yaml('kpt_shape: [17, 9]\nnames: [person]'))?.keypointNumbers).toBe(0);
  });

  it('is undefined for YAML of another kind', async () => {
    expect(await yaml('services: [a]')).toBeUndefined();
    expect(await yaml('just text')).toBeUndefined();
    expect(await yaml('')).toBeUndefined();
  });

  const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x]']
    .concat(Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9).slice(0, -1)}]`))
    .join('\n');
  it.each([
    ['names: [a', 'is no valid YAML'],
    ['names: a, b', '`names` is neither a list nor a map'],
    [`${bomb}\nnames: *a9`, 'is no valid YAML'],
    [`names: ${'['.repeat(100_000)}`, 'is nested too deeply'],
    [`names:\n${'- '.repeat(100_000)}`, 'is nested too deeply'],
    [`names: [${'a,'.repeat(60_000)}]`, 'expected at most 50000'],
    [`names: [a] #${'a'.repeat(300_000)}`, 'expected at most 0.3 MiB'],
  ])('refuses %#', async (text, message) => {
    await expect(yaml(text)).rejects.toThrow(message);
    await expect(yaml(text)).rejects.toMatchObject({ name: 'UserError' });
  });

  it('reads a list of names, one a line', async () => {
    const at = await folder({ 'classes.txt': '\ufeffcat\r\n dog \r\n\r\nfish\r\n' });
    const { names } = await readNamesList(join(at, 'classes.txt'));
    expect([...names]).toEqual([
      [0, 'cat'],
      [1, 'dog'],
      [3, 'fish'],
    ]);
  });
});

describe('yoloPaths', () => {
  it('replaces the last folder called images, as Ultralytics does', () => {
    expect(yoloPaths('/images/a/images/train/x.y.jpg')[0]).toEqual({
      file: '/images/a/labels/train/x.y.txt',
      certain: true,
    });
    expect(yoloPaths('/d/images/x.jpg')[0].file).toBe('/d/labels/x.txt');
    expect(yoloPaths('/d/myimages/x.jpg').some(path => path.certain)).toBe(false);
  });
});

describe('looksLikeYolo', () => {
  it.each([
    ['0 0.5 0.5 0.1 0.1', true],
    ['\n\r\n12 0.5 0.5 0.1 0.1 0.9\r\n', true],
    ['A photo of a cat', false],
    ['0 12 30 40 50', false],
    ['0.5 0.5 0.5 0.1 0.1', false],
    ['0 0.5 0.5 0.1 0.1\nA photo', false],
    ['', undefined],
  ])('%j: %s', (text, expected) => {
    expect(looksLikeYolo(text)).toBe(expected);
  });
});
