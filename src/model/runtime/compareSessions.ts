import { throwIfCancelled } from '../../common/errors';
import type { ForwardResult, RuntimeSession } from '../types';
import { fixedInput } from './fixedInput';

/** Outcome of the self-check: whether `candidate` may take over from `reference`, and the sentence to show. */
export interface Comparison {
  readonly keep: boolean;
  readonly sentence: string;
}

/** Largest difference that is kept, in logits and deltas, relative to their scale where that is above 1. */
export const tolerance = 1e-3;

/**
 * The small input finds wrong numbers and software GPUs soon; on the large one the GPU must earn its place. `slowdown`
 * is the candidate's time over the reference's that is accepted: work this small is mostly overhead on a GPU.
 */
const checks = [
  { height: 64, width: 96, slowdown: 10 },
  { height: 256, width: 320, slowdown: 1 },
] as const;

/** Runs fixed inputs on both sessions and compares numbers and times. */
export async function compareSessions(
  candidate: RuntimeSession,
  reference: RuntimeSession,
  options: { signal?: AbortSignal; log?: (message: string) => void } = {},
): Promise<Comparison> {
  const [name, referenceName] = [candidate.provider, `the ${reference.provider}`];
  let largest = 0;
  for (const { height, width, slowdown } of checks) {
    throwIfCancelled(options.signal);
    const input = fixedInput(height, width);
    const expected = await timedRun(reference, input, height, width, options.signal);
    const found = await timedRun(candidate, input, height, width, options.signal);
    const difference = differenceOf(found.result, expected.result);
    options.log?.(
      `${name} against ${referenceName} at ${width}x${height}: difference ${difference.toExponential(1)}, ` +
        `${found.milliseconds.toFixed(1)} ms against ${expected.milliseconds.toFixed(1)} ms`,
    );
    if (!(difference <= tolerance)) {
      const amount = Number.isFinite(difference) ? ` by ${difference.toExponential(1)}` : '';
      return { keep: false, sentence: `${name} differs from ${referenceName}${amount} on a fixed input` };
    }
    const ratio = found.milliseconds / expected.milliseconds;
    if (ratio > slowdown) {
      return { keep: false, sentence: `${name} is ${ratio.toFixed(1)} times slower than ${referenceName}` };
    }
    largest = Math.max(largest, difference);
  }
  const sentence = `${name} agrees with ${referenceName} within ${largest.toExponential(1)} on a fixed input`;
  return { keep: true, sentence };
}

interface TimedRun {
  readonly result: ForwardResult;
  readonly milliseconds: number;
}

/** The second of two runs: the first one compiles shaders and grows buffers. */
async function timedRun(
  session: RuntimeSession,
  input: Float32Array,
  height: number,
  width: number,
  signal?: AbortSignal,
): Promise<TimedRun> {
  await session.run(input, height, width, signal);
  const start = performance.now();
  const result = await session.run(input, height, width, signal);
  return { result, milliseconds: performance.now() - start };
}

function differenceOf(found: ForwardResult, expected: ForwardResult): number {
  return Math.max(relativeDifference(found.logits, expected.logits), relativeDifference(found.deltas, expected.deltas));
}

/** Largest absolute difference over max(1, largest expected magnitude); NaN if any value is. */
export function relativeDifference(found: Float32Array, expected: Float32Array): number {
  if (found.length !== expected.length) return NaN;
  let largest = 0;
  let scale = 1;
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs(found[index] - expected[index]);
    if (Number.isNaN(difference)) return NaN;
    if (difference > largest) largest = difference;
    const magnitude = Math.abs(expected[index]);
    if (magnitude > scale) scale = magnitude;
  }
  return largest / scale;
}
