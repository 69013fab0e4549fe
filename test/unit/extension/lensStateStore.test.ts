import { describe, expect, it } from 'vitest';
import { LensStateStore } from '../../../src/extension/lensStateStore';
import type { Analysis } from '../../../src/protocol/analysis';
import type { LensState } from '../../../src/protocol/messages';

const analysis = { image: { file: '/a.jpg', width: 1, height: 1 } } as Analysis;
const ready: LensState = { kind: 'ready', imageUri: 'a', title: 'a.jpg', analysis };
const cancelled: LensState = { kind: 'cancelled', title: 'a.jpg' };

describe('LensStateStore', () => {
  it('counts revisions up and tells listeners until they leave', () => {
    const store = new LensStateStore(cancelled);
    const seen: number[] = [];
    const subscription = store.onChange(({ revision }) => seen.push(revision));
    store.set(ready);
    store.set(cancelled);
    subscription.dispose();
    store.set(ready);
    expect(seen).toEqual([1, 2]);
    expect(store.value).toEqual({ revision: 3, state: ready });
  });

  it('gives the analysis for the revision that is shown only', () => {
    const store = new LensStateStore(ready);
    expect(store.analysisOf(0)).toBe(analysis);
    store.set(cancelled);
    expect(store.analysisOf(0)).toBeUndefined();
    expect(store.analysisOf(1)).toBeUndefined();
    store.set(ready);
    expect(store.analysisOf(1)).toBeUndefined();
    expect(store.analysisOf(2)).toBe(analysis);
  });
});
