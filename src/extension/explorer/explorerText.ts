import type { XywhBox } from '../../common/boxes';
import type { BreakdownGroup, IssueKind } from '../../protocol/analysis';
import type { Translate } from '../labelFiles/translate';

/** Title of the list of one kind of suspicion. */
export function issueKindTitle(kind: IssueKind, t: Translate): string {
  switch (kind) {
    case 'missing':
      return t('Missing Label');
    case 'spurious':
      return t('Nothing There');
    case 'wrongClass':
      return t('Wrong Class');
    case 'badBox':
      return t('Badly Placed Box');
    case 'duplicate':
      return t('Duplicate');
    case 'degenerate':
      return t('Degenerate Box');
    case 'uncovered':
      return t('No Anchor Matches');
  }
}

/** Name of a group of anchors. */
export function groupTitle(group: BreakdownGroup, t: Translate): string {
  switch (group) {
    case 'background/easy':
      return t('easy background');
    case 'background/moderate':
      return t('moderate background');
    case 'background/hard':
      return t('hard background');
    case 'foreground/easy':
      return t('easy foreground');
    case 'foreground/moderate':
      return t('moderate foreground');
    case 'foreground/hard':
      return t('hard foreground');
    case 'ignored':
      return t('ignored anchors');
  }
}

/** `34 × 20 at 120, 88`, in whole pixels. */
export function boxText([x, y, width, height]: XywhBox, t: Translate): string {
  const [left, top, across, down] = [x, y, width, height].map(value => Math.round(value));
  return t('{0} × {1} at {2}, {3}', across ?? 0, down ?? 0, left ?? 0, top ?? 0);
}
