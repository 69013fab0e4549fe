import { describe, expect, it } from 'vitest';
import { CancelledError, UserError } from '../../../src/common/errors';
import { outliveEngine } from '../../../src/extension/explorer/outliveEngine';

const died = new UserError('the engine stopped');

/** A run over so many images whose engine dies after each image that `deaths` names, and how often it was asked. */
function run(images: number, deaths: number[], heldBack = 0) {
  const engine = { generation: 0, heldBack };
  let stored = 0;
  let attempts = 0;
  const attempt = (onGain: () => void) => {
    attempts++;
    for (;;) {
      if (deaths[0] === stored) {
        deaths.shift();
        engine.generation++;
        return Promise.reject(died);
      }
      if (stored === images) return Promise.resolve(stored);
      stored++;
      onGain();
    }
  };
  return { engine, attempt, attempts: () => attempts };
}

describe('a run whose engine dies', () => {
  const { signal } = new AbortController();

  it('goes on however often, as long as each attempt computes something', async () => {
    const { engine, attempt, attempts } = run(20, [1, 2, 5, 6, 7, 8, 12, 13, 15, 20]);
    expect(await outliveEngine(engine, signal, attempt)).toBe(20);
    expect(attempts()).toBe(11);
  });

  it('ends at the third death without anything new', async () => {
    const { engine, attempt, attempts } = run(20, [4, 4, 4, 4, 4]);
    await expect(outliveEngine(engine, signal, attempt)).rejects.toBe(died);
    // The first death came after four images.
    expect(attempts()).toBe(4);
  });

  it('ends at once where something else is wrong', async () => {
    const { engine } = run(1, []);
    let attempts = 0;
    const wrong = new UserError('no such model');
    const attempt = () => Promise.reject(attempts++ === 0 ? wrong : died);
    await expect(outliveEngine(engine, signal, attempt)).rejects.toBe(wrong);
    const cancelled = () => {
      engine.generation++;
      return Promise.reject(new CancelledError());
    };
    await expect(outliveEngine(engine, signal, cancelled)).rejects.toThrow(CancelledError);
  });

  it('can be cancelled while the engine is held back', async () => {
    const abort = new AbortController();
    const { engine, attempt, attempts } = run(3, [1], 60_000);
    const running = outliveEngine(engine, abort.signal, attempt);
    setTimeout(() => abort.abort(), 5);
    await expect(running).rejects.toThrow(CancelledError);
    expect(attempts()).toBe(1);
  });
});
