import { describe, expect, it } from 'vitest';
import { mergeIssues } from '../../../../src/analysis/issues/mergeIssues';
import type { CertainIssue } from '../../../../src/analysis/labelIssues';
import type { LabelIssue } from '../../../../src/protocol/analysis';

function issue(
  kind: LabelIssue['kind'],
  labelId: string | null,
  score: number,
  more: Partial<LabelIssue> = {},
): LabelIssue {
  const proposal = { suggestedCategory: null, suggestedBbox: null };
  return { kind, labelId, score, bbox: [10, 10, 20, 20], category: 'cat', ...proposal, evidence: '', ...more };
}

function uncovered(labelId: string, contestedBy?: string): CertainIssue {
  return { issue: issue('uncovered', labelId, 0.9), contestedBy };
}

function flat(labelId: string): CertainIssue {
  return { issue: issue('degenerate', labelId, 1, { bbox: [10, 10, 0, 20] }), contestedBy: undefined };
}

function missing(x: number, score: number): LabelIssue {
  const bbox = [x, 10, 20, 20] as const;
  return issue('missing', null, score, { bbox, category: null, suggestedCategory: 'cat', suggestedBbox: bbox });
}

function told(certain: readonly CertainIssue[], suspected: readonly LabelIssue[]): unknown[] {
  return mergeIssues(certain, suspected).map(({ kind, labelId }) => [kind, labelId]);
}

describe('the merged list', () => {
  it('has one issue for a duplicate whose anchors its twin holds, whichever of the two it names', () => {
    const duplicate = issue('duplicate', 'a', 0.8);
    expect(told([uncovered('a', 'b')], [duplicate])).toEqual([['duplicate', 'a']]);
    expect(told([uncovered('b', 'a')], [duplicate])).toEqual([['duplicate', 'a']]);
  });

  it('keeps labels without anchors that have another cause', () => {
    expect(told([uncovered('b', 'c'), uncovered('d')], [issue('duplicate', 'a', 0.8)])).toEqual([
      ['uncovered', 'b'],
      ['uncovered', 'd'],
      ['duplicate', 'a'],
    ]);
    expect(told([uncovered('b', 'a')], [issue('badBox', 'a', 0.8)])).toHaveLength(2);
  });

  it('gives an object to one degenerate label at most, that which it fits best', () => {
    const [first, second, ...rest] = mergeIssues([flat('a'), flat('b')], [missing(25, 0.5), missing(12, 0.6)]);
    expect([first.kind, first.labelId, first.suggestedBbox]).toEqual(['degenerate', 'a', [12, 10, 20, 20]]);
    expect([second.kind, second.labelId, second.suggestedBbox]).toEqual(['degenerate', 'b', null]);
    expect(rest.map(({ kind, bbox }) => [kind, bbox[0]])).toEqual([['missing', 25]]);
  });

  it('is ordered by score, the certain ones first among equals', () => {
    expect(told([uncovered('a')], [issue('spurious', 'b', 0.9), issue('spurious', 'c', 0.95)])).toEqual([
      ['spurious', 'c'],
      ['uncovered', 'a'],
      ['spurious', 'b'],
    ]);
  });
});
