import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Label, LabelFormat } from '../../../src/dataset/labels';
import { openDataset } from '../../../src/dataset/openDataset';
import { convertDataset } from '../../../src/dataset/write/convertDataset';
import { imageSize } from '../../../src/model/image/imageSize';
import { useFolders } from './support';

const folder = useFolders();
const formats: readonly LabelFormat[] = ['coco', 'voc', 'yolo'];
const sizeOf = (file: string) => imageSize(file, { maxPixels: 1e7 });

const outside = 'coordinates outside 0 to 1, expected fractions of the image';

interface Content {
  readonly size: { readonly width: number; readonly height: number };
  readonly labels: readonly Pick<Label, 'category' | 'box' | 'crowd' | 'difficult'>[];
}

/** What data sets hold, by the images' file names; they may list an image more than once. */
async function contents(paths: readonly string[]): Promise<Map<string, Content>> {
  const found = new Map<string, Content>();
  for (const path of paths) {
    const dataset = await openDataset(path);
    expect(dataset.problems).toEqual([]);
    for await (const image of dataset.images({ onMissing: ({ name }) => expect.fail(name) })) {
      const size = await sizeOf(image.file);
      // Only COCO states it where the labels are not read.
      if (dataset.format === 'coco') expect(image).toMatchObject(size);
      const read = (await dataset.labelsOf(image, size)) ?? expect.fail(`${image.name} has no labels`);
      // YOLO has no place for a corner before the other: such labels are read, and said to be wrong.
      const reversed = read.labels.filter(({ box: [x1, y1, x2, y2] }) => x2 < x1 || y2 < y1);
      expect(read.problems.map(({ message }) => message.replace(/^line \d+: /, ''))).toEqual(
        dataset.format === 'yolo' ? reversed.map(() => outside) : [],
      );
      const labels = read.labels.map(({ category, box, crowd, difficult }) => ({ category, box, crowd, difficult }));
      const name = basename(image.file);
      if (found.has(name)) expect(found.get(name)).toEqual({ size, labels });
      found.set(name, { size, labels });
    }
  }
  return found;
}

/**
 * Equal in the order of the files. What difficult labels are, Pascal VOC alone can say.
 * @param exact to the last bit, not to the billionth of a pixel: YOLO's reader takes what is nearest to one, so that of
 *   24.24 + 13, which is 37.239999999999995 in doubles, 37.24 comes back
 */
function expectEqual(
  found: ReadonlyMap<string, Content>,
  wanted: ReadonlyMap<string, Content>,
  { format, exact }: { format: LabelFormat; exact: boolean },
) {
  const boxOf = ({ box }: Pick<Label, 'box'>) => (exact ? box : box.map(value => Number(value.toFixed(9))));
  expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [name, { size, labels }] of wanted) {
    const other = found.get(name) ?? expect.fail();
    expect(other.size).toEqual(size);
    expect(
      other.labels.map(label => ({ ...label, box: boxOf(label) })),
      `${name} in ${format}`,
    ).toEqual(labels.map(label => ({ ...label, box: boxOf(label), difficult: format === 'voc' && label.difficult })));
  }
}

/** Converts to every format and reads back; with `again`, from there to every format once more. */
async function comeBack(source: string, { again }: { again: boolean }): Promise<Map<string, Content>> {
  const at = await folder();
  const wanted = await contents([source]);
  for (const to of formats) {
    const converted = await convert(source, to, join(at, to));
    expectEqual(await contents(converted), wanted, { format: to, exact: to !== 'yolo' });
    for (const next of again ? formats : []) {
      const twice = await contents(await convert(converted[0] ?? '', next, join(at, to, 'again', next)));
      expectEqual(twice, wanted, { format: next, exact: false });
    }
  }
  return wanted;
}

async function convert(source: string, to: LabelFormat, out: string): Promise<readonly string[]> {
  const dataset = await openDataset(source);
  const { paths, ...result } = await convertDataset(dataset, { to, out, overwrite: false, images: 'link', sizeOf });
  expect(result).toMatchObject({ images: dataset.imageCount, missing: [], unlabelled: 0, crowds: 0 });
  return paths;
}

const countOf = (all: ReadonlyMap<string, Content>) =>
  [...all.values()].reduce((sum, { labels }) => sum + labels.length, 0);

/** Boxes without area, or with a corner before the other. */
const degenerateOf = (all: ReadonlyMap<string, Content>) =>
  [...all.values()].flatMap(({ labels }) => labels.filter(({ box: [x1, y1, x2, y2] }) => x2 <= x1 || y2 <= y1));

interface Coco {
  readonly images: readonly { readonly id: number; readonly file_name: string }[];
  readonly annotations: readonly {
    readonly image_id: number;
    readonly category_id: number;
    readonly bbox: readonly [number, number, number, number];
  }[];
  readonly categories: readonly { readonly id: number; readonly name: string }[];
}

describe('the harbour sample', () => {
  const harbour = resolve('examples/harbour');

  it('is read as it is written, its planted errors too', async () => {
    const all = await contents([join(harbour, 'labels.json')]);
    const { images, annotations, categories } = JSON.parse(
      await readFile(join(harbour, 'labels.json'), 'utf8'),
    ) as Coco;
    expect(all.size).toBe(60);
    expect(countOf(all)).toBe(annotations.length);
    for (const { id, file_name: file } of images) {
      const own = annotations.filter(({ image_id }) => image_id === id);
      expect(all.get(file)?.labels.map(({ category, box }) => [category, ...box])).toEqual(
        own.map(({ category_id, bbox: [x, y, width, height] }) => [
          categories.find(category => category.id === category_id)?.name,
          ...[x, y, x + width, y + height],
        ]),
      );
    }
    const { counts } = JSON.parse(await readFile(join(harbour, 'planted.json'), 'utf8')) as {
      counts: { degenerate: number };
    };
    expect(degenerateOf(all)).toHaveLength(counts.degenerate);
  });

  it('comes back equal from all formats, and from each through each other', { timeout: 120_000 }, async () => {
    const all = await comeBack(join(harbour, 'labels.json'), { again: true });
    expect([all.size, degenerateOf(all).length]).toEqual([60, 31]);
  });
});

const bccd = resolve('../shared/data/bccd');

describe.skipIf(!existsSync(bccd))('BCCD (skipped where ../shared/data/bccd is not at hand)', () => {
  it('comes back equal from all formats', { timeout: 300_000 }, async () => {
    const all = await comeBack(bccd, { again: false });
    expect([all.size, countOf(all), degenerateOf(all).length]).toEqual([364, 4888, 2]);
  });
});
