import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { LabelFormat } from '../../../src/dataset/labels';
import { openDataset } from '../../../src/dataset/openDataset';
import { convertDataset } from '../../../src/dataset/write/convertDataset';
import { Analyzer } from '../../../src/engine/analyzer';
import { DatasetDesk } from '../../../src/engine/dataset/datasetDesk';
import { imageSize } from '../../../src/model/image/imageSize';
import { defaultBands } from '../../../src/protocol/analysis';
import { temporaryFolder } from '../helpers/temporaryFolder';

const formats: readonly LabelFormat[] = ['coco', 'voc', 'yolo'];
const folder = await temporaryFolder();
const analyzer = new Analyzer();
const desk = new DatasetDesk(analyzer);
afterAll(() => analyzer.dispose());
const maxPixels = 1e7;

/** What a run over a data set stores of its images, by their names; ids of labels are the formats' own. */
async function analyzed(dataset: string, checkpoint: string) {
  const { store, ...result } = await desk.analyze(
    {
      ...{ model: { checkpoint, runtime: 'cpu' }, dataset, resume: false, bands: defaultBands, maxPixels },
      store: join(folder, `${basename(dataset)}-${Math.random()}.sqlite`),
    },
    {},
  );
  const { rows } = await desk.query('storedImages', { store, limit: 1000 });
  expect([result.computed, result.failed]).toEqual([rows.length, 0]);
  const found = new Map<string, NonNullable<Awaited<ReturnType<typeof read>>>>();
  const read = (image: string) => desk.query('storedImage', { store, image });
  for (const { file } of rows) found.set(basename(file), (await read(file)) ?? expect.fail());
  return found;
}

function expectSame(found: Awaited<ReturnType<typeof analyzed>>, wanted: typeof found): void {
  expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [name, { image, labels, issues }] of found) {
    const other = wanted.get(name) ?? expect.fail();
    expect(image.foreground).toBe(other.image.foreground);
    expect(image.loss / other.image.loss).toBeCloseTo(1, 6);
    const facts = (some: typeof labels) => some.map(({ category, anchors, excluded }) => [category, anchors, excluded]);
    expect(facts(labels)).toEqual(facts(other.labels));
    labels.forEach(({ loss, bbox }, i) => {
      expect(loss).toBeCloseTo(other.labels[i]?.loss ?? NaN, 4);
      bbox.forEach((value, k) => expect(value).toBeCloseTo(other.labels[i]?.bbox[k] ?? NaN, 6));
    });
    // Strongest first: equal scores may come in another order.
    const kinds = (some: typeof issues) => some.map(({ kind, score }) => `${kind} ${score.toFixed(3)}`).sort();
    expect(kinds(issues)).toEqual(kinds(other.issues));
  }
}

/** Converts to every format, reads back, and analyzes all of them. */
async function compare(source: string, checkpoint: string, name: string, labels: number): Promise<void> {
  const wanted = await analyzed(source, checkpoint);
  const sizeOf = (file: string) => imageSize(file, { maxPixels });
  for (const to of formats) {
    const out = join(folder, `${name}-${to}`);
    const options = { to, out, overwrite: false, images: 'copy', sizeOf } as const;
    const converted = await convertDataset(await openDataset(source), options);
    expect([to, converted.labels, converted.missing, converted.crowds]).toEqual([to, labels, [], 0]);
    expectSame(await analyzed(converted.paths[0] ?? '', checkpoint), wanted);
  }
}

interface Coco {
  readonly images: readonly { readonly id: number; readonly file_name: string }[];
  readonly annotations: readonly { readonly image_id: number; readonly bbox: readonly number[] }[];
}

describe('a data set in all three formats', () => {
  it('is analyzed alike: the harbour sample', { timeout: 300_000 }, async () => {
    const harbour = resolve('examples/harbour');
    const coco = JSON.parse(await readFile(join(harbour, 'labels.json'), 'utf8')) as Coco;
    const some = join(folder, 'harbour');
    await mkdir(join(some, 'images'), { recursive: true });
    // Among them some whose labels have no width, no height or a corner before the other.
    const images = coco.images.filter(({ id }) => [2, 6, 18, 43].includes(id));
    for (const { file_name: file } of images) {
      await copyFile(join(harbour, 'images', basename(file)), join(some, 'images', basename(file)));
    }
    const annotations = coco.annotations.filter(({ image_id }) => images.some(({ id }) => id === image_id));
    const labels = join(some, 'labels.json');
    await writeFile(labels, JSON.stringify({ ...coco, images, annotations }));
    expect(annotations.filter(({ bbox: [, , width, height] }) => width <= 0 || height <= 0)).toHaveLength(5);
    await compare(labels, join(harbour, 'model.safetensors'), 'harbour', annotations.length);
  });

  const shared = resolve('../shared');
  const bccd = join(shared, 'data', 'bccd');
  const model = join(shared, 'models', 'bccd_retinanet_r18.pth');
  it.skipIf(!existsSync(bccd) || !existsSync(model))(
    'is analyzed alike: BCCD (skipped where ../shared/data/bccd is not at hand)',
    { timeout: 300_000 },
    async () => {
      const some = join(folder, 'bccd');
      for (const name of ['Annotations', 'JPEGImages']) await mkdir(join(some, name), { recursive: true });
      let labels = 0;
      for (const xml of (await readdir(join(bccd, 'Annotations'))).sort().slice(0, 3)) {
        const image = xml.replace('.xml', '.jpg');
        await copyFile(join(bccd, 'Annotations', xml), join(some, 'Annotations', xml));
        await copyFile(join(bccd, 'JPEGImages', image), join(some, 'JPEGImages', image));
        labels += (await readFile(join(some, 'Annotations', xml), 'utf8')).match(/<object>/g)?.length ?? 0;
      }
      await compare(some, model, 'bccd', labels);
    },
  );
});
