import type { BandThresholds, IssueKind, LabelIssue, LabelSummary } from '../../protocol/analysis';
import type { Standing } from './labelFacts';
import { lossText, unitText } from './numbers';
import type { Translate } from './translate';

/** How a label fares: by the band of its mean p_t, or that no anchor is matched to it or it takes no part. */
export type MarkLevel = 'easy' | 'moderate' | 'hard' | 'unmatched';

export function markLevel({ meanPt }: Pick<LabelSummary, 'meanPt'>, bands: BandThresholds): MarkLevel {
  if (meanPt === null) return 'unmatched';
  return meanPt >= bands.easy ? 'easy' : meanPt < bands.hard ? 'hard' : 'moderate';
}

/** What stands behind a label's first line: its loss, its rank, its suspicions. */
export function markText(
  label: LabelSummary,
  standing: Standing | undefined,
  issues: readonly LabelIssue[],
  t: Translate,
): string {
  const parts: string[] = [];
  if (label.excluded !== undefined) parts.push(t('not in the loss'));
  else if (label.anchors === 0) parts.push(t('no anchor, best IoU {0}', unitText(label.bestIou)));
  else parts.push(t('loss {0}', lossText(label.classification)));
  if (standing !== undefined && label.anchors > 0) parts.push(t('#{0} of {1}', standing.rank, standing.of));
  if (label.meanPt !== null) parts.push(`p_t ${unitText(label.meanPt)}`);
  const worst = worstIssue(issues);
  if (worst !== undefined && worst.kind !== 'uncovered') {
    parts.push(`${issueName(worst.kind, t)} ${unitText(worst.score)}`);
  }
  return parts.join(' · ');
}

export function worstIssue(issues: readonly LabelIssue[]): LabelIssue | undefined {
  return [...issues].sort((a, b) => b.score - a.score)[0];
}

export function issueName(kind: IssueKind, t: Translate): string {
  switch (kind) {
    case 'missing':
      return t('missing label?');
    case 'spurious':
      return t('nothing there?');
    case 'wrongClass':
      return t('wrong class?');
    case 'badBox':
      return t('badly placed?');
    case 'duplicate':
      return t('duplicate?');
    case 'degenerate':
      return t('degenerate box');
    case 'uncovered':
      return t('no anchor');
  }
}
