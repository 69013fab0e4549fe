import type { LabelSummary, UncoveredReason } from '../../protocol/analysis';
import { unit } from './format';

const uncoveredWords: Readonly<Record<UncoveredReason, string | undefined>> = {
  none: undefined,
  tooSmall: 'it is smaller than the anchors',
  tooLarge: 'it is larger than the anchors',
  aspectRatio: 'no anchor has its aspect ratio',
  position: 'it lies between the strides of the anchors',
  contested: 'the anchors that fit it overlap another label more',
  outside: 'it lies outside the image',
};

/** Why a label takes no or little part in the loss; undefined when all is well. */
export function labelRemark(label: LabelSummary): string | undefined {
  if (label.excluded !== undefined) return `Takes no part: ${label.excluded}`;
  const why = uncoveredWords[label.uncovered];
  if (label.anchors === 0) {
    return `No anchor matches${why === undefined ? '' : `: ${why}`} (best IoU ${unit(label.bestIou)}).`;
  }
  if (label.anchorsByThreshold === 0) {
    const weak = uncoveredWords[label.lowQualityReason ?? 'none'];
    const reason = weak === undefined ? '' : `: ${weak}`;
    return `Matched by the low-quality rule only (best IoU ${unit(label.bestIou)})${reason}.`;
  }
  return undefined;
}
