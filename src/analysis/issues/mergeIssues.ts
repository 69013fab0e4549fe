import type { LabelIssue } from '../../protocol/analysis';

/**
 * One list of all issues, by descending score, the certain ones first among equals. A duplicate whose anchors the
 * other label holds has one cause and stays one issue: that it has no anchor is left out.
 */
export function mergeIssues(certain: readonly LabelIssue[], suspected: readonly LabelIssue[]): readonly LabelIssue[] {
  const duplicates = new Set(suspected.filter(({ kind }) => kind === 'duplicate').map(({ labelId }) => labelId));
  const kept = certain.filter(({ kind, labelId }) => kind !== 'uncovered' || !duplicates.has(labelId));
  return [...kept, ...suspected]
    .map((issue, order) => ({ issue, order }))
    .sort((a, b) => b.issue.score - a.issue.score || a.order - b.order)
    .map(({ issue }) => issue);
}
