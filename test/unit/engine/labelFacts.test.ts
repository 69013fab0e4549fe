import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Analyzer } from '../../../src/engine/analyzer';
import { DatasetDesk } from '../../../src/engine/dataset/datasetDesk';
import { LossOrder } from '../../../src/extension/labelFiles/lossOrder';
import { defaultBands, type Analysis } from '../../../src/protocol/analysis';
import type { StoredFacts } from '../../../src/protocol/labelFactsStore';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { writeTinyDataset } from '../helpers/tinyDataset';
import { writeTinyModel } from '../helpers/tinyModel';

const folder = await temporaryFolder();
// One class that the model does not know, so that some labels take no part in the loss.
const model = await writeTinyModel(folder, { classes: ['__background__', 'disc', 'square', 'hoop'] });
const analyzer = new Analyzer({ threads: 1 });
const desk = new DatasetDesk(analyzer);
const count = 5;
const request = {
  model: { checkpoint: model.checkpoint, runtime: 'cpu' as const },
  bands: defaultBands,
  maxPixels: 1e6,
};
const image = (i: number) => join(folder, 'data', 'JPEGImages', `s00${i}.png`);
const images = Array.from({ length: count }, (_, i) => image(i));
let store = '';
const analyses: Analysis[] = [];

beforeAll(async () => {
  const dataset = await writeTinyDataset(join(folder, 'data'), count);
  ({ store } = await desk.analyze({ ...request, dataset, resume: false }, {}));
  for (const file of images) analyses.push((await analyzer.analyzeImage({ ...request, image: file })).analysis);
}, 60_000);
afterAll(() => analyzer.dispose());

function read(files: readonly string[], options: { maxLabels?: number; ranked?: boolean } = {}) {
  return desk.query('storedFacts', { store, images: files, maxLabels: 1000, ranked: false, ...options });
}

function matchOf(
  facts: Pick<StoredFacts, 'detections'>,
  match: { detection: number; iou: number; score: number } | null,
) {
  return match && [facts.detections[match.detection]?.score, match.iou, match.score];
}

/** Which anchor and which detection it was is not stored. */
const notStored = new Set(['column', 'bestAnchor', 'lowQualityReason', 'bestDetection', 'bestAnyDetection']);

describe('facts about labels in a store', () => {
  it('are those that an analysis of the image gives', async () => {
    const stored = await read(images);
    expect(stored.map(({ image: { file } }) => file)).toEqual(images);
    for (const [i, facts] of stored.entries()) {
      const analysis = analyses[i];
      expect(facts.image).toEqual(analysis?.image);
      expect(facts.classification).toBeCloseTo(analysis?.loss.classification ?? NaN, 9);
      expect(facts.issues).toEqual(analysis?.issues);
      expect(facts.labels).toHaveLength(3);
      facts.labels.forEach((label, index) => {
        const own = analysis?.labels[index] ?? expect.fail();
        const { bestDetection: same, bestAnyDetection: any } = own;
        const kept = Object.entries(own).filter(([key]) => !notStored.has(key));
        expect(label).toMatchObject(Object.fromEntries(kept));
        expect(matchOf(facts, label.bestDetection)).toEqual(same && [same.score, same.iou, same.score]);
        expect(matchOf(facts, label.bestAnyDetection)).toEqual(any && [any.score, any.iou, any.score]);
      });
    }
  });

  it('rank labels among all of the data set as the window does among those it knows', async () => {
    const stored = await read(images, { ranked: true });
    const rest = { analysisId: undefined, model: '', labelFile: { format: 'voc', files: [], problems: [] } } as const;
    const order = new LossOrder(stored.map(facts => ({ ...facts, ...rest, bands: defaultBands })));
    for (const {
      image: { file },
      labels,
      standings,
    } of stored) {
      labels.forEach(({ excluded }, index) => {
        const expected = order.standingOf({ image: file, index });
        expect(standings?.[index]).toEqual(expected ?? null);
        expect(expected === undefined).toBe(excluded !== undefined);
      });
    }
    const [one] = await read([image(3)], { ranked: true });
    expect(one?.standings).toEqual(stored[3]?.standings);
  });

  it('come in bounds, and not of what is not there', async () => {
    expect((await read([join(folder, 'nowhere.png'), image(1)])).map(facts => facts.image.file)).toEqual([image(1)]);
    expect(await read(images, { maxLabels: 7 })).toHaveLength(2);
    expect(await read(images, { maxLabels: 1 })).toHaveLength(1);
    await expect(read(Array.from({ length: 1001 }, () => image(0)))).rejects.toThrow(/1001 images/);
  });

  it('are worth knowing first of images with the strongest suspicions, then with the most loss', async () => {
    const notable = (limit: number) => desk.query('notableImages', { store, limit });
    const all = await notable(100);
    expect(all).toMatchObject({ of: count, labels: 3 * count });
    expect([...all.images].sort()).toEqual(images);
    const strongest = (file: string | undefined) =>
      Math.max(0, ...(analyses.find(analysis => analysis.image.file === file)?.issues ?? []).map(({ score }) => score));
    const scores = all.images.map(strongest);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect((await notable(2)).images).toEqual(all.images.slice(0, 2));
  });
});
