import { expect, it } from 'vitest';
import { BoundedStore } from '../../../src/engine/boundedStore';
import { seededRandom } from '../helpers/random';

it('forgets the least recently used beyond the bound', () => {
  const store = new BoundedStore<string>(100);
  store.set('a', 'A', 40);
  store.set('b', 'B', 40);
  expect(store.get('a')).toBe('A');
  store.set('c', 'C', 40);
  expect(store.get('b')).toBeUndefined();
  expect([store.get('a'), store.get('c')]).toEqual(['A', 'C']);
  expect(store.bytes).toBe(80);
});

it('keeps the newest even where it is too large alone, and only it', () => {
  const store = new BoundedStore<string>(100);
  store.set('a', 'A', 10);
  store.set('big', 'B', 500);
  expect(store.get('a')).toBeUndefined();
  expect(store.get('big')).toBe('B');
  store.set('c', 'C', 10);
  expect(store.get('big')).toBeUndefined();
  expect(store.bytes).toBe(10);
});

it('counts a replaced value once', () => {
  const store = new BoundedStore<number>(100);
  for (let i = 0; i < 10; i++) store.set('same', i, 60);
  expect([store.bytes, store.size, store.get('same')]).toEqual([60, 1, 9]);
});

it('never exceeds its bound with values below it', () => {
  const random = seededRandom(3);
  const store = new BoundedStore<number>(1000);
  for (let i = 0; i < 2000; i++) {
    if (random() < 0.5) store.get(`k${Math.floor(random() * 50)}`);
    else store.set(`k${Math.floor(random() * 50)}`, i, Math.floor(random() * 300));
    expect(store.bytes).toBeLessThanOrEqual(1000);
  }
});
