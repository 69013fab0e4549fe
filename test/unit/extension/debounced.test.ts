import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { debounced } from '../../../src/extension/debounced';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('debounced', () => {
  it('hands over each item once, when none has come for a while', () => {
    const calls: string[][] = [];
    const items = debounced<string>(100, gathered => calls.push([...gathered]));
    items.add('a');
    vi.advanceTimersByTime(90);
    items.add('b');
    items.add('a');
    vi.advanceTimersByTime(99);
    expect(calls).toEqual([]);
    vi.advanceTimersByTime(1);
    items.add('c');
    vi.advanceTimersByTime(100);
    expect(calls).toEqual([['a', 'b'], ['c']]);
  });

  it('hands over nothing once disposed', () => {
    const handle = vi.fn();
    const items = debounced<string>(100, handle);
    items.add('a');
    items.dispose();
    vi.advanceTimersByTime(1_000);
    expect(handle).not.toHaveBeenCalled();
  });
});
