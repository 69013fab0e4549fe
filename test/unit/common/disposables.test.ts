import { describe, expect, it } from 'vitest';
import { DisposableStore, DisposableValue, toDisposable } from '../../../src/common/disposables';

describe('toDisposable', () => {
  it('releases once', () => {
    let calls = 0;
    const item = toDisposable(() => calls++);
    item.dispose();
    item.dispose();
    expect(calls).toBe(1);
  });
});

describe('DisposableStore', () => {
  it('disposes the last added first, and what comes later at once', () => {
    const order: string[] = [];
    const store = new DisposableStore();
    store.add(toDisposable(() => order.push('a')));
    store.add(toDisposable(() => order.push('b')));
    store.dispose();
    store.add(toDisposable(() => order.push('late')));
    store.dispose();
    expect(order).toEqual(['b', 'a', 'late']);
  });

  it('disposes the others of one that fails, and tells of the first failure', () => {
    const order: string[] = [];
    const store = new DisposableStore();
    const failing = (name: string) =>
      toDisposable(() => {
        order.push(name);
        throw new Error(name);
      });
    store.add(toDisposable(() => order.push('a')));
    store.add(failing('b'));
    store.add(failing('c'));
    expect(() => store.dispose()).toThrow('c');
    expect(order).toEqual(['c', 'b', 'a']);
    expect(() => store.dispose()).not.toThrow();
  });
});

describe('DisposableValue', () => {
  it('disposes what it replaces and what it is given too late', () => {
    const order: string[] = [];
    const value = new DisposableValue();
    const first = toDisposable(() => order.push('first'));
    value.value = first;
    value.value = first;
    value.value = toDisposable(() => order.push('second'));
    expect(order).toEqual(['first']);
    value.dispose();
    value.value = toDisposable(() => order.push('late'));
    expect(order).toEqual(['first', 'second', 'late']);
    expect(value.value).toBeUndefined();
  });
});
