/** Which images a run is about: those of one data set among several in a folder, or some of them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { storePlace } from '../../../../src/dataset/storePlace';
import { Analyzer } from '../../../../src/engine/analyzer';
import { DatasetDesk } from '../../../../src/engine/dataset/datasetDesk';
import { defaultBands } from '../../../../src/protocol/analysis';
import type { AnalyzeDatasetRequest } from '../../../../src/protocol/dataset';
import { temporaryFolder } from '../../helpers/temporaryFolder';
import { tinyDatasetLabels, writeTinyDataset, writeTinyDatasetImage } from '../../helpers/tinyDataset';
import { writeTinyModel } from '../../helpers/tinyModel';

const folder = await temporaryFolder();
const model = await writeTinyModel(folder);
const analyzer = new Analyzer({ threads: 1 });
const desk = new DatasetDesk(analyzer);
const count = 4;
afterAll(() => analyzer.dispose());

function request(dataset: string, overrides: Partial<AnalyzeDatasetRequest> = {}): AnalyzeDatasetRequest {
  const common = { resume: true, bands: defaultBands, maxPixels: 1e6 };
  return { model: { checkpoint: model.checkpoint, runtime: 'cpu' }, dataset, ...common, ...overrides };
}

/** A COCO file over some of the images of a Pascal VOC data set. */
async function writeCoco(dataset: string, name: string, images: readonly number[]): Promise<string> {
  const categories = ['disc', 'square', 'ring'];
  const labels = images.flatMap(image => tinyDatasetLabels(image).map(label => ({ ...label, image })));
  const file = join(dataset, name);
  const document = {
    images: images.map(id => ({ id, file_name: `JPEGImages/s00${id}.png`, width: 160, height: 120 })),
    categories: categories.map((category, id) => ({ id: id + 1, name: category })),
    annotations: labels.map(({ image, category, box: [x1, y1, x2, y2] }, id) => ({
      ...{ id: id + 1, image_id: image, category_id: categories.indexOf(category) + 1 },
      bbox: [x1, y1, x2 - x1, y2 - y1],
    })),
  };
  await writeFile(file, JSON.stringify(document));
  return file;
}

describe('data sets that share a folder', () => {
  it('keep their results apart, however often they take turns', async () => {
    const dataset = await writeTinyDataset(join(folder, 'shared'), count);
    const train = await writeCoco(dataset, 'train.json', [0, 1, 2]);
    const val = await writeCoco(dataset, 'val.json', [3]);
    await expect(desk.analyze(request(train), {})).resolves.toMatchObject({ computed: 3, failed: 0 });
    await expect(desk.analyze(request(val), {})).resolves.toMatchObject({ computed: 1, failed: 0 });
    await expect(desk.analyze(request(train), {})).resolves.toMatchObject({ computed: 0, reused: 3 });
    const again = await desk.analyze(request(val), {});
    expect(again).toMatchObject({ computed: 0, reused: 1 });
    expect(again.store).toBe(storePlace({ format: 'coco', path: val, root: dataset }));
  });

  it('are told apart by their format where they have the same path', async () => {
    const dataset = await writeTinyDataset(join(folder, 'formats'), count);
    await writeCoco(dataset, 'labels.json', [0]);
    await expect(desk.analyze(request(dataset), {})).rejects.toThrow('holds 2 data sets: ');
    const voc = await desk.analyze(request(dataset, { format: 'voc' }), {});
    expect(voc).toMatchObject({ images: count, computed: count });
    const coco = await desk.analyze(request(dataset, { format: 'coco' }), {});
    expect(coco).toMatchObject({ images: 1, computed: 1 });
  });
});

describe('a run over some images', () => {
  it('computes these where they changed, and leaves the others and the record of the whole run', async () => {
    const dataset = await writeTinyDataset(join(folder, 'some'), count);
    const { store } = await desk.analyze(request(dataset), {});
    const overview = () => desk.query('datasetOverview', { store });
    const before = await overview();
    await writeTinyDatasetImage(dataset, 1, tinyDatasetLabels(1).slice(0, 2));
    await writeTinyDatasetImage(dataset, 2, tinyDatasetLabels(2).slice(0, 1));
    const images = [0, 1].map(image => join(dataset, 'JPEGImages', `s00${image}.png`));
    const result = await desk.analyze(request(dataset, { images }), {});
    expect(result).toMatchObject({ state: 'done', images: 2, computed: 1, reused: 1 });
    const after = await overview();
    expect([after.images, after.labels]).toEqual([count, before.labels - 1]);
    expect(after.run).toEqual(before.run);
    await expect(desk.analyze(request(dataset), {})).resolves.toMatchObject({ computed: 1, reused: count - 1 });
  });

  it('is refused where the results are of something else, which stay', async () => {
    const dataset = await writeTinyDataset(join(folder, 'other'), count);
    const images = [join(dataset, 'JPEGImages', 's000.png')];
    const refusal = /dataset\.sqlite: there are no results of this model .* analyze the whole dataset first/;
    await expect(desk.analyze(request(dataset, { images }), {})).rejects.toThrow(refusal);
    const { store } = await desk.analyze(request(dataset), {});
    const bands = { easy: 0.8, hard: 0.4 };
    await expect(desk.analyze(request(dataset, { images, bands }), {})).rejects.toThrow(refusal);
    expect((await desk.query('datasetOverview', { store })).images).toBe(count);
  });
});
