import { describe, expect, it } from 'vitest';
import type { LabelSummary } from '../../../src/protocol/analysis';
import { wantedOf } from '../../../src/extension/lensTarget';
import { label } from './labelFiles/support';

const labels = [label({ id: 'a' }), label({ id: 'b' })];
const find = (id: string) => (all: readonly LabelSummary[]) => all.findIndex(candidate => candidate.id === id);
const bbox = [1, 2, 3, 4] as const;

describe('what a lens is to show', () => {
  it('is the label, or the place of one that is not there any more', () => {
    expect(wantedOf({ find: find('b'), bbox: [...bbox] }, labels)).toEqual({ label: 1 });
    expect(wantedOf({ find: find('c'), bbox: [...bbox] }, labels)).toEqual({ focus: [...bbox] });
    expect(wantedOf({ bbox: [...bbox] }, labels)).toEqual({ focus: [...bbox] });
    expect(wantedOf({ find: find('c') }, labels)).toEqual({});
    expect(wantedOf({}, labels)).toEqual({});
  });
});
