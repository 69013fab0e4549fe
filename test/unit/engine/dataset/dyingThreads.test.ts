/** Threads that die during a run are not the fault of the images they were at. */
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Analyzer } from '../../../../src/engine/analyzer';
import { DatasetDesk } from '../../../../src/engine/dataset/datasetDesk';
import { analyseImageHere, type AnalyseImage } from '../../../../src/engine/imageAnalysis/analyseImage';
import { ThreadStoppedError } from '../../../../src/engine/threads/thread';
import { defaultBands } from '../../../../src/protocol/analysis';
import { storeDump } from '../../helpers/storeDump';
import { temporaryFolder } from '../../helpers/temporaryFolder';
import { writeTinyDataset } from '../../helpers/tinyDataset';
import { writeTinyModel } from '../../helpers/tinyModel';

const folder = await temporaryFolder();
const { checkpoint } = await writeTinyModel(folder);
const count = 6;
const dataset = await writeTinyDataset(join(folder, 'data'), count);
const analyzers: Analyzer[] = [];
afterAll(async () => {
  for (const analyzer of analyzers) await analyzer.dispose();
});

/** A run in which the thread of some attempts dies; attempts are counted by image, from 1. */
function run(name: string, dies: (image: number, attempt: number) => boolean) {
  const attempts = new Map<number, number>();
  const here = analyseImageHere();
  const analyseImage: AnalyseImage = task => {
    // Labels name their file, and the file its image.
    const image = Number(/s(\d+)\.xml$/.exec(task.labels?.labels[0]?.source.file ?? '')?.[1]);
    const attempt = (attempts.get(image) ?? 0) + 1;
    attempts.set(image, attempt);
    return dies(image, attempt) ? Promise.reject(new ThreadStoppedError('the thread stopped')) : here(task);
  };
  const analyzer = new Analyzer({ threads: 1, analyseImage });
  analyzers.push(analyzer);
  const desk = new DatasetDesk(analyzer);
  const store = join(folder, `${name}.sqlite`);
  const common = { resume: true, bands: defaultBands, maxPixels: 1e6 };
  const result = desk.analyze({ model: { checkpoint, runtime: 'cpu' }, dataset, store, ...common }, {});
  return { result, attempts, store, overview: () => desk.query('datasetOverview', { store }) };
}

describe('a run whose threads die', () => {
  it('tries their images again, and comes to what an undisturbed run does', async () => {
    const disturbed = run('disturbed', (image, attempt) => image % 2 === 1 && attempt === 1);
    await expect(disturbed.result).resolves.toMatchObject({ state: 'done', computed: count, failed: 0 });
    const undisturbed = run('undisturbed', () => false);
    await undisturbed.result;
    expect(await storeDump(disturbed.store)).toEqual(await storeDump(undisturbed.store));
  });

  it('fails an image that they die of every time, and goes on', async () => {
    const { result, attempts } = run('poison', image => image === 2);
    await expect(result).resolves.toMatchObject({ state: 'done', computed: count - 1, failed: 1 });
    expect(attempts.get(2)).toBe(2);
  });

  it('ends where they die of every image, with what went wrong', async () => {
    const { result, overview } = run('hopeless', image => image > 0);
    await expect(result).rejects.toThrow('the thread stopped');
    expect(await overview()).toMatchObject({ images: 1, failed: 2, run: { state: 'failed' } });
  });
});
