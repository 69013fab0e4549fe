import { setTimeout } from 'node:timers/promises';
import { CancelledError } from '../../common/errors';

/** Deaths of the engine one after the other, without anything new between them, that end a run. */
const mostFruitless = 3;

/** What there is to know of an engine that may die. */
export interface MortalEngine {
  /** Another one after each death. */
  readonly generation: number;
  /** Milliseconds until it may start again after repeated crashes. */
  readonly heldBack: number;
}

/**
 * Repeats a task whose engine dies under it, as long as the attempts get on.
 * @param attempt calls `onGain` once it has done something that an earlier attempt had not
 * @throws what an attempt throws that fails otherwise, and CancelledError once `signal` is aborted
 */
export async function outliveEngine<T>(
  engine: MortalEngine,
  signal: AbortSignal,
  attempt: (onGain: () => void) => Promise<T>,
): Promise<T> {
  for (let fruitless = 0; ;) {
    const { generation } = engine;
    let gained = false;
    try {
      return await attempt(() => {
        gained = true;
      });
    } catch (error) {
      if (error instanceof CancelledError || engine.generation === generation) throw error;
      fruitless = gained ? 0 : fruitless + 1;
      if (fruitless === mostFruitless) throw error;
    }
    await setTimeout(engine.heldBack, undefined, { signal }).catch(() => {
      throw new CancelledError();
    });
  }
}
