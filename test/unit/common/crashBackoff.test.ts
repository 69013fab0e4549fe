import { expect, it } from 'vitest';
import { CrashBackoff } from '../../../src/common/crashBackoff';

const policy = { forgiven: 2, window: 1000, firstPause: 100, longestPause: 300 };

it('forgives the first crashes, then pauses twice as long each time, up to a limit', () => {
  const backoff = new CrashBackoff(policy);
  const pauses = [0, 1, 2, 3, 4].map(time => {
    backoff.recordCrash(time);
    return backoff.pause(time);
  });
  expect(pauses).toEqual([0, 0, 100, 200, 300]);
  expect(backoff.pause(204)).toBe(100);
  expect(backoff.pause(304)).toBe(0);
});

it('forgets crashes after a while', () => {
  const backoff = new CrashBackoff(policy);
  for (const time of [0, 1, 2]) backoff.recordCrash(time);
  expect(backoff.recent(999)).toBe(3);
  expect(backoff.recent(1001)).toBe(1);
  backoff.recordCrash(1001);
  expect(backoff.pause(1001)).toBe(0);
});
