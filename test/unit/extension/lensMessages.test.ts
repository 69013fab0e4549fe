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
});
