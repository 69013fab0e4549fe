import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../../src/common/errors';
import { compareSessions, relativeDifference } from '../../../src/model/runtime/compareSessions';
import { fixedInput } from '../../../src/model/runtime/fixedInput';
import type { RuntimeSession } from '../../../src/model/types';

/** A session whose logits are the input plus `error`, after `milliseconds`. */
function session(provider: string, { error = 0, milliseconds = 0 } = {}): RuntimeSession {
  return {
    runtime: 'test',
    provider,
    run: async (input, height, width) => {
      if (milliseconds > 0) await new Promise(resolve => setTimeout(resolve, milliseconds));
      const logits = input.map(value => value + error);
      return { logits, deltas: new Float32Array(4), grids: [[height, width]] };
    },
    dispose: () => Promise.resolve(),
  };
}

const checks = [{ height: 4, width: 8, slowdown: 2 }];

describe('compareSessions', () => {
  it('keeps a provider that agrees and says how well', async () => {
    const { keep, sentence } = await compareSessions(session('WebGPU', { error: 1e-4 }), session('CPU'), checks);
    expect(keep).toBe(true);
    expect(sentence).toMatch(/^WebGPU agrees with the CPU within \d\.\de-5 on a fixed input$/);
  });

  it.each([
    [0.01, /^WebGPU differs from the CPU by \d\.\de-3 on a fixed input$/],
    [NaN, /^WebGPU differs from the CPU on a fixed input$/],
  ])('refuses a provider that is off by %d', async (error, expected) => {
    const { keep, sentence } = await compareSessions(session('WebGPU', { error }), session('CPU'), checks);
    expect(keep).toBe(false);
    expect(sentence).toMatch(expected);
  });

  it('refuses a provider that is far slower', async () => {
    const slow = session('WebGPU', { milliseconds: 120 });
    const { keep, sentence } = await compareSessions(slow, session('CPU', { milliseconds: 5 }), checks);
    expect(keep).toBe(false);
    expect(sentence).toMatch(/^WebGPU takes \d+\.\d times as long as the CPU$/);
  });

  it('stops when cancelled', async () => {
    const comparison = compareSessions(session('a'), session('b'), checks, { signal: AbortSignal.abort() });
    await expect(comparison).rejects.toThrow(CancelledError);
  });
});

describe('relativeDifference', () => {
  it('is absolute up to scale 1 and relative above', () => {
    expect(relativeDifference(Float32Array.of(0.5, 0.25), Float32Array.of(0.5, 0))).toBe(0.25);
    expect(relativeDifference(Float32Array.of(8, 3), Float32Array.of(8, 1))).toBe(0.25);
  });

  it('is NaN for NaN and for other lengths', () => {
    expect(relativeDifference(Float32Array.of(NaN), Float32Array.of(1))).toBeNaN();
    expect(relativeDifference(Float32Array.of(1, 2), Float32Array.of(1))).toBeNaN();
  });
});

describe('fixedInput', () => {
  it('is always the same, within the range of normalised images and nowhere flat', () => {
    const input = fixedInput(32, 64);
    expect(fixedInput(32, 64)).toEqual(input);
    expect(input.every(value => Math.abs(value) <= 2.5)).toBe(true);
    expect(new Set(input).size).toBeGreaterThan(input.length / 2);
  });
});
