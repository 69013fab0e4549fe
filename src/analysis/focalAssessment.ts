import type { Anchors, FocalParameters } from '../model/types';
import { anchorState, type BandThresholds, type BreakdownRow, type LossCurves } from '../protocol/analysis';
import { anchorLosses, type AnchorLosses, type ClassificationColumns } from './anchorLosses';
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
 * @param columns zeroed columns to fill
 */
export function assessFocalLoss(
  logits: Float32Array,
  classes: number,
  state: Int8Array,
  targets: Int32Array,
  levels: Anchors['levels'],
  focal: FocalParameters,
  bands: BandThresholds,
  columns?: ClassificationColumns,
): FocalAssessment {
  const losses = anchorLosses(logits, classes, targets, focal, 'full', columns);
  return { losses, ...summarize(losses, state, levels, bands), curves: lossCurves(losses.byGamma, state) };
}

/** What the losses of all anchors add up to. */
export function summarize(
  losses: Pick<AnchorLosses, 'pt' | 'crossEntropy' | 'focal'>,
  state: Int8Array,
  levels: Anchors['levels'],
  bands: BandThresholds,
): Pick<FocalAssessment, 'classification' | 'breakdown' | 'levels'> {
  const sums = levels.map(({ offset, count }) => sumLevel(offset, offset + count, state, losses));
  const foreground = sums.reduce((sum, level) => sum + level.foreground, 0);
  const total = sums.reduce((sum, level) => sum + level.focal, 0);
  return {
    classification: total / Math.max(1, foreground),
    breakdown: breakdown({ state, ...losses }, bands),
    levels: sums,
  };
}

function sumLevel(
  start: number,
  end: number,
  state: Int8Array,
  losses: Pick<AnchorLosses, 'crossEntropy' | 'focal'>,
): LevelLoss {
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
