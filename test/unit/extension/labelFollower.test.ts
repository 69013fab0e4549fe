import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CancelledError, UserError } from '../../../src/common/errors';
import type { ChosenDataset } from '../../../src/extension/explorer/currentDataset';
import { LabelFollower } from '../../../src/extension/explorer/labelFollower';
import { RunQueue } from '../../../src/extension/explorer/runQueue';
import { temporaryFolder } from '../helpers/temporaryFolder';

const folder = await temporaryFolder();
const store = join(folder, '.focal-lens', 'dataset.sqlite');
const coco: ChosenDataset = { path: join(folder, 'labels.json'), format: 'coco', store };
const [small, large] = [5_000, 118_287];

/** A window that shows a data set's results, and which images were analyzed again: all, where none are named. */
function window(dataset: ChosenDataset, stored: number | undefined) {
  const runs: (readonly string[] | 'all')[] = [];
  const errors: unknown[] = [];
  const queue = new RunQueue(() => undefined);
  let outcome: (signal: AbortSignal) => Promise<unknown> = () => Promise.resolve();
  const follower = new LabelFollower({
    dataset,
    storedImages: () => Promise.resolve(stored),
    add: run => queue.add(run),
    analyze: (_, { images, signal }) => {
      runs.push(images ?? 'all');
      return outcome(signal);
    },
    onDidFallBehind: () => undefined,
    onError: error => errors.push(error),
  });
  const settle = () => vi.advanceTimersByTimeAsync(1_000);
  return { follower, queue, runs, errors, settle, end: (how: typeof outcome) => (outcome = how) };
}

const untilAborted = (signal: AbortSignal) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new CancelledError())));

describe('when labels have changed', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('the images concerned are analyzed again, in a data set of any size, those of several files together', async () => {
    const { follower, runs, settle } = window(coco, large);
    await follower.labelsChanged({ file: coco.path, images: ['a.jpg', 'b.jpg'] });
    await follower.labelsChanged({ file: coco.path, images: ['b.jpg', 'c.jpg'] });
    await settle();
    expect(runs).toEqual([['a.jpg', 'b.jpg', 'c.jpg']]);
    expect(follower.isBehind).toBe(false);
  });

  it('the image of a file of its own is', async () => {
    vi.useRealTimers();
    for (const name of ['images', 'labels']) await mkdir(join(folder, name), { recursive: true });
    const image = join(folder, 'images', '1.jpg');
    await writeFile(image, '');
    vi.useFakeTimers();
    const yolo: ChosenDataset = { path: join(folder, 'data.yaml'), format: 'yolo', store };
    const { follower, runs, settle } = window(yolo, large);
    await follower.labelsChanged({ file: join(folder, 'labels', '1.txt'), images: [] });
    await settle();
    expect(runs).toEqual([[image]]);
  });

  it('and nobody knows of which images, all of a small data set are looked through; a large one is behind', async () => {
    const few = window(coco, small);
    await few.follower.labelsChanged({ file: coco.path, images: [] });
    await few.settle();
    expect(few.runs).toEqual(['all']);
    const many = window(coco, large);
    await many.follower.labelsChanged({ file: coco.path, images: [] });
    await many.settle();
    expect([many.runs, many.follower.isBehind]).toEqual([[], true]);
    many.follower.settle(many.follower.take(), true);
    expect(many.follower.isBehind).toBe(false);
  });

  it('nothing happens before a first run, nor for files of others', async () => {
    const fresh = window(coco, undefined);
    await fresh.follower.labelsChanged({ file: coco.path, images: ['a.jpg'] });
    await fresh.settle();
    const analyzed = window(coco, small);
    await analyzed.follower.labelsChanged({ file: join(folder, 'other.json'), images: ['a.jpg'] });
    await analyzed.settle();
    expect([fresh.runs, analyzed.runs]).toEqual([[], []]);
  });

  it('a run that the user asks for goes first; what is left is made up for', async () => {
    const { follower, queue, runs, settle, end } = window(coco, large);
    end(untilAborted);
    await follower.labelsChanged({ file: coco.path, images: ['a.jpg'] });
    await settle();
    expect(runs).toEqual([['a.jpg']]);
    end(() => Promise.resolve());
    expect(await queue.ask(() => Promise.resolve())).toBe(true);
    await settle();
    expect(runs).toEqual([['a.jpg'], ['a.jpg']]);
  });

  it('a run over all of it deals with what has changed before, unless it is given up', async () => {
    const { follower, runs, settle } = window(coco, large);
    await follower.labelsChanged({ file: coco.path, images: ['a.jpg'] });
    const changes = follower.take();
    await settle();
    expect(runs).toEqual([]);
    follower.settle(changes, false);
    await settle();
    expect(runs).toEqual([['a.jpg']]);
  });

  it('and they cannot be analyzed, the lists are said to be behind', async () => {
    const { follower, runs, errors, settle, end } = window(coco, large);
    end(() => Promise.reject(new UserError('there are no results of this model')));
    await follower.labelsChanged({ file: coco.path, images: ['a.jpg'] });
    await settle();
    expect([runs.length, errors.length, follower.isBehind]).toEqual([1, 1, true]);
  });
});
