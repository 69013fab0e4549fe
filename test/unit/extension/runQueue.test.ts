import { describe, expect, it } from 'vitest';
import { RunQueue } from '../../../src/extension/explorer/runQueue';

/** Runs that end when they are told to, and what has become of them. */
function runs() {
  const log: string[] = [];
  const finish = new Map<string, () => void>();
  const make =
    (name: string) =>
    async (signal?: AbortSignal): Promise<void> => {
      log.push(`${name} begins`);
      await new Promise<void>(resolve => {
        finish.set(name, resolve);
        signal?.addEventListener('abort', () => resolve());
      });
      log.push(`${name} ${signal?.aborted === true ? 'stops' : 'ends'}`);
    };
  return { log, make, end: (name: string) => finish.get(name)?.() };
}

const settle = () => new Promise(resolve => setTimeout(resolve, 2));

describe('runs over a data set', () => {
  it('that the user asks for stop a quiet one, which is made up for', async () => {
    const { log, make, end } = runs();
    const queue = new RunQueue(() => undefined);
    queue.add(make('quiet'));
    const asked = queue.ask(make('asked'));
    await settle();
    expect(log).toEqual(['quiet begins', 'quiet stops', 'asked begins']);
    end('asked');
    expect(await asked).toBe(true);
    await settle();
    expect(log.slice(3)).toEqual(['asked ends', 'quiet begins']);
    end('quiet');
    await settle();
    expect(queue.isRunning).toBe(false);
  });

  it('are one at a time: what comes meanwhile waits, and the latest stands for all', async () => {
    const { log, make, end } = runs();
    const queue = new RunQueue(() => undefined);
    const asked = queue.ask(make('asked'));
    queue.add(make('quiet 1'));
    queue.add(make('quiet 2'));
    expect(await queue.ask(make('another'))).toBe(false);
    end('asked');
    await asked;
    await settle();
    expect(log).toEqual(['asked begins', 'asked ends', 'quiet 2 begins']);
  });

  it('that fail leave the way free', async () => {
    const { log, make } = runs();
    const queue = new RunQueue(() => undefined);
    await expect(queue.ask(() => Promise.reject(new Error('no model')))).rejects.toThrow('no model');
    queue.add(make('quiet'));
    await settle();
    expect(log).toEqual(['quiet begins']);
  });

  it('tell when one is under way', async () => {
    const { make, end } = runs();
    const states: boolean[] = [];
    const queue = new RunQueue(() => states.push(queue.isRunning));
    const asked = queue.ask(make('asked'));
    await settle();
    end('asked');
    await asked;
    expect(states).toEqual([true, false]);
  });
});
