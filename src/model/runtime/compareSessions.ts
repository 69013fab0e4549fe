import { throwIfCancelled } from '../../common/errors';
import type { ForwardResult, RuntimeSession } from '../types';
import { fixedInput } from './fixedInput';

/** Outcome of the self-check: whether `candidate` may take over from `reference`, and the sentence to show. */
export interface Comparison {
  readonly keep: boolean;
  readonly sentence: string;
  /** Largest difference, relative to the values' scale where that is above 1; NaN where results are unfit. */
  readonly difference: number;
  /** Of the last input on which both ran. */
  readonly timing: ComparedTiming | undefined;
}

/** Milliseconds of one forward pass over height x width pixels. */
export interface ComparedTiming {
  readonly height: number;
  readonly width: number;
  readonly candidate: number;
  readonly reference: number;
}

/** Largest difference that is kept, in logits and deltas, relative to their scale where that is above 1. */
export const tolerance = 1e-3;

/** One fixed input. */
export interface Check {
  readonly height: number;
  readonly width: number;
  /** The candidate may take this many times the reference's time, and {@link overhead} more. */
  readonly slowdown: number;
}

/** Milliseconds that a GPU may always take: launching many small operations and copying the result back. */
const overhead = 30;

/** Runs fixed inputs on both sessions and compares numbers and times. */
export async function compareSessions(
  candidate: RuntimeSession,
  reference: RuntimeSession,
  checks: readonly Check[],
  options: { signal?: AbortSignal; log?: (message: string) => void } = {},
): Promise<Comparison> {
  const [name, referenceName] = [candidate.provider, `the ${reference.provider}`];
  let largest = 0;
  let timing: ComparedTiming | undefined;
  for (const { height, width, slowdown } of checks) {
    throwIfCancelled(options.signal);
    const input = fixedInput(height, width);
    const expected = await timedRun(() => reference.run(input, height, width, options.signal));
    const found = await timedRun(() => candidate.run(input, height, width, options.signal));
    const difference = differenceOf(found.result, expected.result);
    options.log?.(
      `${name} against ${referenceName} at ${width}x${height}: difference ${difference.toExponential(1)}, ` +
        `${found.milliseconds.toFixed(1)} ms against ${expected.milliseconds.toFixed(1)} ms`,
    );
    timing = { height, width, candidate: found.milliseconds, reference: expected.milliseconds };
    largest = Math.max(largest, difference);
    const refuse = (sentence: string): Comparison => ({ keep: false, sentence, difference: largest, timing });
    if (!(difference <= tolerance)) {
      const amount = Number.isFinite(difference) ? ` by ${difference.toExponential(1)}` : '';
      return refuse(`${name} differs from ${referenceName}${amount} on a fixed input`);
    }
    if (found.milliseconds > slowdown * expected.milliseconds + overhead) {
      const ratio = found.milliseconds / expected.milliseconds;
      return refuse(`${name} takes ${ratio.toFixed(1)} times as long as ${referenceName}`);
    }
  }
  const sentence = `${name} agrees with ${referenceName} within ${largest.toExponential(1)} on a fixed input`;
  return { keep: true, sentence, difference: largest, timing };
}

interface TimedRun {
  readonly result: ForwardResult;
  readonly milliseconds: number;
}

type Run = () => Promise<ForwardResult>;

/** The better of two timed runs after one that compiles shaders and grows buffers; a slow one is not repeated. */
async function timedRun(run: Run): Promise<TimedRun> {
  await run();
  const first = await timed(run);
  if (first.milliseconds > 500) return first;
  const second = await timed(run);
  return second.milliseconds < first.milliseconds ? second : first;
}

async function timed(run: Run): Promise<TimedRun> {
  const start = performance.now();
  const result = await run();
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
