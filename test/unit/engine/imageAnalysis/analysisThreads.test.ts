/** Where images of a run are analysed: real threads, counted as Node starts them. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CancelledError, UserError } from '../../../../src/common/errors';
import { analyseImageHere, type ImageTask } from '../../../../src/engine/imageAnalysis/analyseImage';
import { analyseImageInThreads, analysisThreadCount } from '../../../../src/engine/imageAnalysis/analysisThreads';
import { analysisInput, makeLabel } from '../../analysis/analysisInput';
import { bundle } from '../../helpers/bundles';
import { temporaryFolder } from '../../helpers/temporaryFolder';

let file: string;
let folder: string;
let started: Worker[] = [];
const note = (worker: Worker) => started.push(worker);

beforeAll(async () => {
  folder = await temporaryFolder();
  await bundle('engine', folder);
  file = join(folder, 'analysis.js');
  process.on('worker', note);
});
afterAll(() => {
  process.off('worker', note);
});
beforeEach(() => {
  started = [];
});
afterEach(async () => {
  for (const worker of started) await worker.terminate();
});

function newTask(): ImageTask {
  const labels = [makeLabel('7', 'cat', [20, 20, 60, 70]), makeLabel('8', 'dog', [70.5, 30.25, 110.75, 60])];
  const { forward, prepared, image, labels: imageLabels, bands, config } = analysisInput(labels);
  const levels = forward.grids.map((_, index) => `P${index + 3}`);
  return { forward, prepared, image, labels: imageLabels, bands, model: { config, levels } };
}

describe('analyseImageInThreads', () => {
  it('gives what this thread gives, and takes the logits along', async () => {
    const task = newTask();
    const result = await analyseImageInThreads(file)(task);
    expect(task.forward.logits.length).toBe(0);
    expect(result).toEqual(analyseImageHere()(newTask()));
    expect(result.places.length).toBe(3);
    expect(result.labels.map(({ id }) => id)).toEqual(['7', '8']);
  });

  it('starts no more threads than there is work for, nor than there are cores', async () => {
    const analyse = analyseImageInThreads(file);
    await analyse(newTask());
    await analyse(newTask());
    expect(started.length).toBe(1);
    const results = await Promise.all(Array.from({ length: 6 }, () => analyse(newTask())));
    expect(started.length).toBe(analysisThreadCount);
    for (const result of results) expect(result).toEqual(results[0]);
  });

  it('ends threads that have had nothing to do for a while, and starts one for the next task', async () => {
    const analyse = analyseImageInThreads(file, 50);
    await analyse(newTask());
    const [first] = started;
    await once(first, 'exit');
    expect((await analyse(newTask())).labels.length).toBe(2);
    expect(started.length).toBe(2);
  });

  it('rejects at once when it is cancelled', async () => {
    const abort = new AbortController();
    const result = analyseImageInThreads(file)(newTask(), abort.signal);
    abort.abort();
    await expect(result).rejects.toThrow(CancelledError);
    await expect.poll(() => started.length).toBe(1);
  });

  it('says what is wrong with an image, and goes on with the next in the same thread', async () => {
    const analyse = analyseImageInThreads(file);
    const broken = newTask();
    broken.forward.logits[1234] = NaN;
    const failure = await analyse(broken).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect((failure as UserError).message).toContain('class logits');
    expect((await analyse(newTask())).labels.length).toBe(2);
    expect(started.length).toBe(1);
  });

  it('fails the image whose thread dies, and starts another for the next', async () => {
    const dying = join(folder, 'dying.js');
    await writeFile(
      dying,
      "require('node:worker_threads').parentPort.on('message', () => { throw new Error('no'); });",
    );
    const analyse = analyseImageInThreads(dying);
    const failure = 'the thread that analyses images stopped: no';
    await expect(analyse(newTask())).rejects.toThrow(failure);
    await expect(analyse(newTask())).rejects.toThrow(failure);
    expect(started.length).toBe(2);
  });
});
