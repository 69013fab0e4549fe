import { toXywh, type CornerBox, type XywhBox } from '../common/boxes';
import type { Label } from '../dataset/labels';
import type { Detections } from '../model/types';
import { anchorState, type LabelSummary, type UncoveredReason } from '../protocol/analysis';
import type { AnchorColumns } from '../protocol/anchorColumns';
import { bestDetections } from './detectionMatches';

/** What matching found out about one label that takes part in it. */
export interface LabelMatch {
  readonly bestIou: number;
  readonly bestAnchor: number;
  /** Why no anchor reaches the foreground threshold with it, were that so. */
  readonly reason: UncoveredReason;
}

interface LabelSums {
  readonly anchors: Int32Array;
  readonly byLowQuality: Int32Array;
  readonly pt: Float64Array;
  readonly minPt: Float64Array;
  readonly classification: Float64Array;
  readonly boxRegression: Float64Array;
}

/**
 * What the anchors and the detections say about every label, in the order the labels are written.
 *
 * @param labelColumns class column per label, -1 for none
 * @param excluded per label why it takes no part in the loss, undefined when it does
 * @param match per label, undefined for those left out of matching
 * @param byLowQuality per anchor, 1 for foreground by the low-quality rule alone
 */
export function labelSummaries(
  labels: readonly Label[],
  labelColumns: Int32Array,
  excluded: readonly (string | undefined)[],
  match: readonly (LabelMatch | undefined)[],
  columns: AnchorColumns,
  byLowQuality: Uint8Array,
  detections: Detections,
): readonly LabelSummary[] {
  const sums = sumByLabel(labels.length, columns, byLowQuality);
  return labels.map((label, i): LabelSummary => {
    const anchors = sums.anchors[i];
    const anchorsByLowQuality = sums.byLowQuality[i];
    const found = match[i];
    const byRuleOnly = anchors > 0 && anchors === anchorsByLowQuality;
    const best = bestDetections(label.box, labelColumns[i], detections);
    return {
      id: label.id,
      category: label.category,
      column: labelColumns[i],
      bbox: finiteXywh(label.box),
      source: label.source,
      excluded: excluded[i],
      anchors,
      anchorsByThreshold: anchors - anchorsByLowQuality,
      anchorsByLowQuality,
      bestIou: found?.bestIou ?? 0,
      bestAnchor: found?.bestAnchor ?? -1,
      uncovered: anchors === 0 ? (found?.reason ?? 'none') : 'none',
      ...(byRuleOnly && found !== undefined ? { lowQualityReason: found.reason } : {}),
      meanPt: anchors > 0 ? sums.pt[i] / anchors : null,
      minPt: anchors > 0 ? sums.minPt[i] : null,
      classification: sums.classification[i],
      boxRegression: sums.boxRegression[i],
      bestDetection: best.same,
      bestAnyDetection: best.any,
    };
  });
}

function sumByLabel(labels: number, columns: AnchorColumns, byLowQuality: Uint8Array): LabelSums {
  const sums: LabelSums = {
    anchors: new Int32Array(labels),
    byLowQuality: new Int32Array(labels),
    pt: new Float64Array(labels),
    minPt: new Float64Array(labels).fill(1),
    classification: new Float64Array(labels),
    boxRegression: new Float64Array(labels),
  };
  const { state, label, pt, focal, boxRegression } = columns;
  for (let anchor = 0; anchor < state.length; anchor++) {
    if (state[anchor] !== anchorState.foreground) continue;
    const i = label[anchor];
    sums.anchors[i]++;
    sums.byLowQuality[i] += byLowQuality[anchor];
    sums.pt[i] += pt[anchor];
    if (pt[anchor] < sums.minPt[i]) sums.minPt[i] = pt[anchor];
    sums.classification[i] += focal[anchor];
    sums.boxRegression[i] += boxRegression[anchor];
  }
  return sums;
}

/** Numbers that JSON can carry: what is not finite becomes 0. */
export function finiteXywh(box: CornerBox): XywhBox {
  const [x, y, width, height] = toXywh(box);
  const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
  return [finite(x), finite(y), finite(width), finite(height)];
}
