import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { patientRequest } from '../../../src/webview/transport/patientRequest';

/** A host that loses the first messages. */
function host(lost: number) {
  const signals: AbortSignal[] = [];
  const ask = (signal: AbortSignal) => {
    const number = signals.push(signal);
    return number > lost ? Promise.resolve(`answer ${number}`) : new Promise<string>(() => undefined);
  };
  return { ask, signals };
}

describe('a request that is made until it is answered', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('is made once where an answer comes', async () => {
    const { ask, signals } = host(0);
    expect(await patientRequest(ask)).toBe('answer 1');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(signals).toHaveLength(1);
  });

  it('is made again after ever longer silences', async () => {
    const { ask, signals } = host(2);
    const answered = patientRequest(ask);
    const counts: number[] = [];
    for (let second = 0; second < 15; second++) {
      await vi.advanceTimersByTimeAsync(1000);
      counts.push(signals.length);
    }
    expect(counts).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3]);
    expect(await answered).toBe('answer 3');
  });

  it('takes a late answer to an earlier question, and gives the others up', async () => {
    const asked: { resolve: (text: string) => void; signal: AbortSignal }[] = [];
    const answered = patientRequest<string>(
      signal => new Promise(resolve => asked.push({ resolve: text => resolve(text), signal })),
    );
    await vi.advanceTimersByTimeAsync(6000);
    expect(asked).toHaveLength(2);
    expect(asked[1]?.signal.aborted).toBe(false);
    asked[0]?.resolve('late');
    expect(await answered).toBe('late');
    expect(asked[1]?.signal.aborted).toBe(true);
  });

  it('takes undefined for an answer', async () => {
    expect(await patientRequest(() => Promise.resolve(undefined))).toBeUndefined();
  });

  it('fails with the first failure', async () => {
    await expect(patientRequest(() => Promise.reject(new Error('closed')))).rejects.toThrow('closed');
  });
});
