import { describe, expect, it } from 'vitest';
import { lensGuards } from '../../../src/extension/lensMessages';

describe('lensGuards', () => {
  it.each([null, undefined])('accept %s for methods without parameters', params => {
    expect(lensGuards.getState(params)).toBe(true);
    expect(lensGuards.cancel(params)).toBe(true);
  });

  it('accept whole, non-negative indices', () => {
    expect(lensGuards.revealLabel({ revision: 3, label: 0 })).toBe(true);
    expect(lensGuards.inspectAnchor({ revision: 0, anchor: 199_999 })).toBe(true);
  });

  it.each([
    undefined,
    null,
    7,
    'label',
    [],
    {},
    { revision: 1 },
    { revision: 1, label: -1 },
    { revision: 1, label: 0.5 },
    { revision: 1, label: NaN },
    { revision: 1, label: '0' },
    { revision: 1, label: 2 ** 53 },
  ])('refuse %j', params => {
    expect(lensGuards.revealLabel(params)).toBe(false);
  });

  it('accept gammas and alphas within their ranges alone', () => {
    expect(lensGuards.recomputeLoss({ revision: 1, gamma: 0, alpha: -1 })).toBe(true);
    expect(lensGuards.recomputeLoss({ revision: 1, gamma: 5, alpha: 1 })).toBe(true);
    for (const [gamma, alpha] of [
      [NaN, 0.25],
      [-0.1, 0.25],
      [5.1, 0.25],
      [2, 1.1],
      [2, -1.1],
      [2, '0.25'],
      [2, undefined],
    ]) {
      expect(lensGuards.recomputeLoss({ revision: 1, gamma, alpha })).toBe(false);
    }
    expect(lensGuards.recomputeLoss(null)).toBe(false);
  });

  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1).buffer;

  it('let a page save pictures, and nothing else', () => {
    expect(lensGuards.savePicture({ revision: 1, png })).toBe(true);
    for (const wrong of [new ArrayBuffer(0), new ArrayBuffer(9), new TextEncoder().encode('#!/bin/sh').buffer, 'x']) {
      expect(lensGuards.savePicture({ revision: 1, png: wrong })).toBe(false);
    }
  });

  it('bound what a page can ask to open, and where it can go', () => {
    expect(lensGuards.openImages({ uris: ['file:///a.png'] })).toBe(true);
    expect(lensGuards.openImages({ uris: [1] })).toBe(false);
    expect(lensGuards.openImages({ uris: new Array(101).fill('file:///a.png') })).toBe(false);
    expect(lensGuards.openImages({ uris: ['x'.repeat(10_000)] })).toBe(false);
    expect([1, -1, 0, 2, '1'].map(direction => lensGuards.showNeighbor({ direction }))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
