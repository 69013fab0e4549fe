import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/dataset/dataset';
import type { Label, LabelFormat } from '../../../src/dataset/labels';
import { openDataset } from '../../../src/dataset/openDataset';
import { convertDataset, type ConvertOptions } from '../../../src/dataset/write/convertDataset';
import { lengthBetween, plainDecimal } from '../../../src/dataset/write/decimals';
import { yoloFractions } from '../../../src/dataset/yolo/yoloLine';
import { parseYoloLine } from '../../../src/dataset/yolo/parseYoloLine';
import { Random, useFolders } from './support';

const folder = useFolders();
const formats: readonly LabelFormat[] = ['coco', 'voc', 'yolo'];
const size = { width: 637, height: 481 };
const sizeOf = () => Promise.resolve(size);

function options(to: LabelFormat, out: string, more: Partial<ConvertOptions> = {}): ConvertOptions {
  return { to, out, overwrite: false, images: 'link', sizeOf, ...more };
}

/** Everything the formats share, by image name without extension and folder of images. */
async function contents(dataset: Dataset) {
  const found = new Map<string, { category: string; box: Label['box'] }[]>();
  for await (const image of dataset.images()) {
    const labels = await dataset.labelsOf(image, size);
    const key = image.name.replace(/^(?:images|JPEGImages)\//, '').replace(/\.[^.]*$/, '');
    found.set(
      key,
      (labels?.labels ?? []).map(({ category, box }) => ({ category, box })),
    );
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function expectEqual(
  found: Awaited<ReturnType<typeof contents>>,
  wanted: Awaited<ReturnType<typeof contents>>,
  bound: number,
) {
  expect([...found.keys()]).toEqual([...wanted.keys()]);
  for (const [name, labels] of found) {
    const other = wanted.get(name) ?? [];
    expect(labels.map(({ category }) => category)).toEqual(other.map(({ category }) => category));
    labels.forEach(({ box }, i) => {
      for (let k = 0; k < 4; k++) expect(Math.abs(box[k] - other[i].box[k])).toBeLessThanOrEqual(bound);
    });
  }
}

const names = ['cat', 'a & b <c>', '猫 😀', '__proto__', '7', 'yes', 'with "quotes": x'];

function randomCoco(random: Random): Record<string, string> {
  const images = ['a.jpg', 'sub/a.jpg', 'sub/b.png', 'a.png', 'Sub/B.jpg', 'odd name, ü.jpg'];
  const decimals = random.pick([0, 1, 2, 7, 15]);
  const number = (low: number, high: number) => random.number(low, high, decimals);
  const annotations = images.flatMap((_, image_id) =>
    Array.from({ length: random.integer(6) }, () => ({
      image_id,
      category_id: 5 + 3 * random.integer(names.length),
      bbox: [number(-5, 600), number(-5, 400), number(-1, 300), number(-1, 300)],
    })),
  );
  const labels = {
    images: images.map((file_name, id) => ({ id, file_name, ...size })),
    annotations: annotations.map((annotation, id) => ({ id: 7 * id, ...annotation })),
    categories: names.map((name, i) => ({ id: 5 + 3 * i, name })),
  };
  return { 'labels.json': JSON.stringify(labels), ...Object.fromEntries(images.map(name => [name, name])) };
}

describe.each(Array.from({ length: 12 }, (_, seed) => seed))('random labels, seed %i', seed => {
  it.each(formats)('come back from %s, and from each other format through it', async to => {
    const at = await folder(randomCoco(new Random(seed)));
    const source = await openDataset(at);
    const first = await convertDataset(source, options(to, join(at, 'out', to)));
    expect(first).toMatchObject({ images: 6, missing: [], crowds: 0 });
    const wanted = await contents(source);
    // The second a.* and the second */b.* share a label file's name with the first in two formats.
    const keys = ['a', 'sub/a', 'sub/b', 'a_2', 'Sub/B_2', 'odd name, ü'];
    const renamed = new Map(
      (await labelsInOrder(source)).map((labels, i): [string, typeof labels] => [keys[i], labels]),
    );
    expect(wanted.size).toBeLessThanOrEqual(renamed.size);
    const sorted = new Map([...renamed].sort(([a], [b]) => (a < b ? -1 : 1)));
    const back = await openDataset(join(at, 'out', to));
    expectEqual(await contents(back), sorted, 1e-9);
    for (const next of formats) {
      const out = join(at, 'again', next);
      await convertDataset(back, options(next, out));
      expectEqual(await contents(await openDataset(out)), sorted, 3e-9);
    }
  });
});

async function labelsInOrder(dataset: Dataset) {
  const found: { category: string; box: Label['box'] }[][] = [];
  for await (const image of dataset.images()) {
    const labels = await dataset.labelsOf(image, size);
    found.push((labels?.labels ?? []).map(({ category, box }) => ({ category, box })));
  }
  return found;
}

describe('numbers', () => {
  it('are as short as they can be', () => {
    expect(lengthBetween(0.1, 0.1 + 0.2)).toBe(0.2);
    expect(lengthBetween(10, 7.5)).toBe(-2.5);
    expect([1e-7, 123.25, -1e-9, 1e22, 0, 100].map(plainDecimal)).toEqual([
      '0.0000001',
      '123.25',
      '-0.000000001',
      '10000000000000000000000',
      '0',
      '100',
    ]);
    expect(yoloFractions([10, 20, 30, 60], { width: 100, height: 200 })).toBe('0.2 0.2 0.2 0.2');
    expect(yoloFractions([100, 0, 200, 1], { width: 640, height: 480 })).toMatch(/^0\.234375 0\.00104166\d+ 0\.15625 /);
  });

  it('lead from corner to corner within the last bit', () => {
    const random = new Random(5);
    for (let i = 0; i < 20_000; i++) {
      const [from, to] = [random.number(-10, 5000, random.integer(17)), random.number(-10, 5000, random.integer(17))];
      expect(Math.abs(from + lengthBetween(from, to) - to)).toBeLessThanOrEqual(1e-12);
      const image = { width: 1 + random.integer(6000), height: 1 + random.integer(6000) };
      const parsed = parseYoloLine(`0 ${yoloFractions([from, to, to, from], image)}`, image, { keypointNumbers: 0 });
      if (typeof parsed === 'string') throw new Error(parsed);
      [from, to, to, from].forEach((value, k) => {
        expect(Math.abs(parsed.box[k] - value)).toBeLessThanOrEqual(2e-9);
      });
    }
  });
});

const yoloSet = {
  'y/data.yaml': 'train: images/train\nval: images/val\nnames: {0: cat, 4: dog}\n',
  'y/images/train/a.jpg': 'A',
  'y/images/train/b.jpg': 'B',
  'y/images/val/a.jpg': 'C',
  'y/labels/train/a.txt': '4 0.5 0.5 0.25 0.25\n',
  'y/labels/val/a.txt': '0 0.5 0.5 0.25 0.25\n',
};

describe('splits', () => {
  it.each(formats)('stay in %s', async to => {
    const at = await folder(yoloSet);
    const { paths } = await convertDataset(await openDataset(join(at, 'y')), options(to, join(at, 'out')));
    if (to === 'coco') {
      expect(paths.map(path => relative(at, path))).toEqual([
        'out/annotations/instances_train.json',
        'out/annotations/instances_val.json',
      ]);
      const val = await contents(await openDataset(paths[1]));
      expect([...val]).toEqual([['val/a', [{ category: 'cat', box: expect.any(Array) as unknown }]]]);
      return;
    }
    const back = await openDataset(paths[0]);
    expect(back.splits).toEqual([
      { name: 'train', imageCount: 2 },
      { name: 'val', imageCount: 1 },
    ]);
    const images = await contents(back);
    expect([...images].map(([name, labels]) => `${name} ${labels.map(({ category }) => category).join()}`)).toEqual([
      'train/a dog',
      'train/b ',
      'val/a cat',
    ]);
    if (to === 'yolo') expect(await back.categories()).toMatchObject([{ id: 0 }, { id: 4 }]);
  });

  it('can be written alone', async () => {
    const at = await folder(yoloSet);
    const source = await openDataset(join(at, 'y'));
    const { images } = await convertDataset(source, options('voc', join(at, 'out'), { split: 'val' }));
    expect(images).toBe(1);
    expect((await openDataset(join(at, 'out'))).splits).toEqual([{ name: 'val', imageCount: 1 }]);
  });
});

describe('what a format cannot say', () => {
  it('is counted: crowds, difficult labels, missing images', async () => {
    const coco = {
      images: [
        { id: 1, file_name: 'a.jpg', ...size },
        { id: 2, file_name: 'gone.jpg', ...size },
      ],
      annotations: [
        { id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 3, 4], iscrowd: 1 },
        { id: 2, image_id: 1, category_id: 9, bbox: [1, 2, 3, 4] },
      ],
      categories: [{ id: 1, name: 'cat' }],
    };
    const at = await folder({ 'labels.json': JSON.stringify(coco), 'a.jpg': '' });
    const dataset = await openDataset(at);
    const voc = await convertDataset(dataset, options('voc', join(at, 'voc')));
    expect(voc).toMatchObject({ images: 1, labels: 1, crowds: 1, missing: [{ name: 'gone.jpg' }] });
    expect(voc.problems.map(({ message }) => message)).toEqual(['annotation "2": category "9" is not in "categories"']);
    const again = await convertDataset(dataset, options('coco', join(at, 'coco')));
    expect(again).toMatchObject({ labels: 2, crowds: 0 });
    const back = await openDataset(join(at, 'coco'));
    expect(await back.categories()).toEqual([
      { id: 1, name: 'cat' },
      { id: 2, name: 'category 9' },
    ]);
  });
});

describe('the folder', () => {
  const tree = (at: string) => readdirSync(at, { recursive: true }).map(String).sort();

  it('is not touched when it holds something, unless asked for', async () => {
    const at = await folder({ ...yoloSet, 'out/note.txt': 'mine', 'out/data.yaml': 'mine too' });
    const source = await openDataset(join(at, 'y'));
    await expect(convertDataset(source, options('yolo', join(at, 'out')))).rejects.toThrow('the folder is not empty');
    expect(tree(at).filter(name => name.startsWith('out'))).toEqual(['out', 'out/data.yaml', 'out/note.txt']);
    await convertDataset(source, options('yolo', join(at, 'out'), { overwrite: true }));
    expect(readFileSync(join(at, 'out/note.txt'), 'utf8')).toBe('mine');
    expect(readFileSync(join(at, 'out/data.yaml'), 'utf8')).toContain('train: train.txt');
    expect(tree(at).some(name => name.includes('.tmp'))).toBe(false);
  });

  it('does not appear when the work fails or is cancelled', async () => {
    const at = await folder({ ...yoloSet, 'y/images/val/b.jpg': '' });
    const source = await openDataset(join(at, 'y'));
    const before = tree(at);
    const broken = options('coco', join(at, 'out'), { sizeOf: () => Promise.reject(new Error('no size')) });
    await expect(convertDataset(source, broken)).rejects.toThrow('no size');
    const aborted = options('coco', join(at, 'out'), { signal: AbortSignal.abort() });
    await expect(convertDataset(source, aborted)).rejects.toMatchObject({ name: 'CancelledError' });
    expect(tree(at)).toEqual(before);
  });

  it('holds images as further names, copies or not at all', async () => {
    const at = await folder(yoloSet);
    const source = await openDataset(join(at, 'y'));
    const image = (out: string) => join(at, out, 'images/train/a.jpg');
    const inode = async (file: string) => (await stat(file)).ino;
    for (const images of ['link', 'copy', 'none'] as const)
      await convertDataset(source, options('yolo', join(at, images), { images }));
    expect(readFileSync(image('link'), 'utf8') + readFileSync(image('copy'), 'utf8')).toBe('AA');
    expect(await inode(image('link'))).toBe(await inode(join(at, 'y/images/train/a.jpg')));
    expect(await inode(image('copy'))).not.toBe(await inode(image('link')));
    expect(existsSync(dirname(image('none')))).toBe(false);
  });
});
