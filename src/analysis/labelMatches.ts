import type { Anchors, ModelConfig, PreparedImage } from '../model/types';
import { anchorShapes, uncoveredReason } from './coverage';
import type { LabelMatch } from './labelSummaries';
import type { LabelTargets } from './labelTargets';
import type { Matching } from './matching';

/**
 * Translates a matching of the labels that take part into what it says about every label as written.
 *
 * @returns per label its match, undefined where it was left out, and why it takes no part in the loss, if so
 */
export function labelMatches(
  targets: LabelTargets,
  matching: Matching,
  levels: Anchors['levels'],
  prepared: Pick<PreparedImage, 'width' | 'height'>,
  config: Pick<ModelConfig, 'fgIou'>,
): { readonly match: readonly (LabelMatch | undefined)[]; readonly excluded: readonly (string | undefined)[] } {
  const shapes = anchorShapes(levels);
  const excluded = [...targets.excluded];
  const match: (LabelMatch | undefined)[] = excluded.map(() => undefined);
  targets.trained.forEach((label, i) => {
    const bestIou = matching.labelIou[i];
    const bestAnchor = matching.labelAnchor[i];
    const box = targets.boxes.subarray(label * 4, label * 4 + 4);
    const contested = bestAnchor >= 0 && matching.bestLabel[bestAnchor] !== i;
    const reason = uncoveredReason(box, prepared, shapes, bestIou, contested, config.fgIou);
    match[label] = { bestIou, bestAnchor, reason };
    if (bestAnchor < 0) excluded[label] = 'no anchor overlaps it';
  });
  return { match, excluded };
}
