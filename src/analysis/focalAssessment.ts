import type { Anchors, FocalParameters } from '../model/types';
import { anchorState, type BandThresholds, type BreakdownRow, type LossCurves } from '../protocol/analysis';
import { anchorLosses, type AnchorLosses, type LossDetail } from './anchorLosses';
import { breakdown } from '../protocol/breakdown';
import { lossCurves } from '../protocol/lossCurve';

/** Everything that follows from focal parameters and bands once the anchors are matched. */
export interface FocalAssessment {
  readonly losses: AnchorLosses;
  /** Focal loss of the image divided by max(1, foreground count): torchvision's classification loss. */
  readonly classification: number;
  readonly breakdown: readonly BreakdownRow[];
  readonly curves: LossCurves;
  /** Sums over each level's anchors, unnormalised, levels in the order given. */
  readonly levels: readonly LevelLoss[];
}

export interface LevelLoss {
  readonly foreground: number;
  readonly focal: number;
  readonly crossEntropy: number;
}

/**
 * Computes losses, groups and curves from logits alone, so that other gammas, alphas and bands need no second forward
 * pass and no second matching.
 *
 * @param logits row-major [anchors, classes], finite
 * @param state per anchor, see `anchorState`
 * @param targets per anchor, see `targetColumns`
 */
export function assessFocalLoss(
  logits: Float32Array,
  classes: number,
  state: Int8Array,
  targets: Int32Array,
  levels: Anchors['levels'],
  focal: FocalParameters,
  bands: BandThresholds,
  detail: LossDetail = 'full',
): FocalAssessment {
  const losses = anchorLosses(logits, classes, targets, focal, detail);
  const sums = levels.map(({ offset, count }) => sumLevel(offset, offset + count, state, losses));
  const foreground = sums.reduce((sum, level) => sum + level.foreground, 0);
  const total = sums.reduce((sum, level) => sum + level.focal, 0);
  return {
    losses,
    classification: total / Math.max(1, foreground),
    breakdown: breakdown({ state, ...losses }, bands),
    curves: lossCurves(losses.byGamma, state),
    levels: sums,
  };
}

function sumLevel(start: number, end: number, state: Int8Array, losses: AnchorLosses): LevelLoss {
  let foreground = 0;
  let focal = 0;
  let crossEntropy = 0;
  for (let anchor = start; anchor < end; anchor++) {
    if (state[anchor] === anchorState.foreground) foreground++;
    focal += losses.focal[anchor];
    crossEntropy += losses.crossEntropy[anchor];
  }
  return { foreground, focal, crossEntropy };
}
