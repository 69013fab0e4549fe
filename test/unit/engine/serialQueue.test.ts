import { expect, it } from 'vitest';
import { CancelledError } from '../../../src/common/errors';
import { SerialQueue } from '../../../src/engine/serialQueue';

const pause = () => new Promise(resolve => setTimeout(resolve, 5));

it('runs one task at a time in order, whatever becomes of the one before', async () => {
  const queue = new SerialQueue();
  const events: string[] = [];
  const task = (name: string, fail = false) =>
    queue.run(async () => {
      events.push(`${name} starts`);
      await pause();
      events.push(`${name} ends`);
      if (fail) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([task('a'), task('b', true), task('c')]);
  expect(results.map(result => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(events).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
});

it('never starts a task that was cancelled while it waited', async () => {
  const queue = new SerialQueue();
  const controller = new AbortController();
  let started = false;
  const first = queue.run(pause);
  const second = queue.run(() => Promise.resolve((started = true)), controller.signal);
  controller.abort();
  await first;
  await expect(second).rejects.toBeInstanceOf(CancelledError);
  expect(started).toBe(false);
});
