import type { LabelIssue } from '../../protocol/analysis';
import type { CertainIssue } from '../labelIssues';
import { joinDegenerate } from './degenerateObjects';

/**
 * One list of all issues, by descending score, the certain ones first among equals. What has one cause is one issue: of
 * two duplicates one holds the other's anchors, which the duplicate says already, whichever of the two it names; and an
 * object that lacks its label because that is degenerate is told with the label.
 */
export function mergeIssues(certain: readonly CertainIssue[], suspected: readonly LabelIssue[]): readonly LabelIssue[] {
  const duplicates = new Set(suspected.filter(({ kind }) => kind === 'duplicate').map(({ labelId }) => labelId));
  const isTold = ({ issue, contestedBy }: CertainIssue): boolean =>
    issue.kind === 'uncovered' &&
    (duplicates.has(issue.labelId) || (contestedBy !== undefined && duplicates.has(contestedBy)));
  const kept = certain.filter(entry => !isTold(entry)).map(({ issue }) => issue);
  return joinDegenerate(kept, suspected)
    .map((issue, order) => ({ issue, order }))
    .sort((a, b) => b.issue.score - a.issue.score || a.order - b.order)
    .map(({ issue }) => issue);
}
