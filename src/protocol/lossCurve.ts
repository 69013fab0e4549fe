import { anchorState, type AnchorState, type LossCurve, type LossCurves } from './analysis';

const maxPoints = 256;
/** Steps of each of the three scales points are spread over, see `cellsOf`. */
const stepsPerScale = Math.floor((maxPoints - 2) / 3);
/** Upper 16 bits below the sign of a float32 that is not negative: bins that are 1/256 of their loss wide. */
const bins = 1 << 16;
const shift = 15;

/**
 * Figure 4 of arXiv 1708.02002: the cumulative share of the loss over anchors sorted by loss, separately for foreground
 * and background, under each gamma. A curve without anchors or without loss is left out.
 */
export function lossCurves(
  byGamma: readonly { readonly gamma: number; readonly focal: Float32Array }[],
  state: Int8Array,
): LossCurves {
  const histogram = newHistogram();
  const curves = (wanted: AnchorState): LossCurve[] =>
    byGamma.flatMap(({ gamma, focal }) => lossCurve(gamma, focal, state, wanted, histogram) ?? []);
  return { foreground: curves(anchorState.foreground), background: curves(anchorState.background) };
}

/** Working space of a curve, all 0 between two of them. */
export interface Histogram {
  readonly counts: Int32Array;
  readonly sums: Float64Array;
}

export function newHistogram(): Histogram {
  return { counts: new Int32Array(bins), sums: new Float64Array(bins) };
}

/**
 * The curve of one state's anchors; undefined where there are none or where they have no loss.
 *
 * Points are taken at the boundaries of a histogram over the float32 bit patterns of the losses, which sort as the
 * losses do: every point is exact. Between two points, straight lines miss the curve by less than 1/84 of the anchors
 * and of the loss, however many bins are thinned out, and losses within a bin differ by at most 1/256 of themselves.
 */
export function lossCurve(
  gamma: number,
  losses: Float32Array,
  state: Int8Array,
  wanted: AnchorState,
  histogram: Histogram,
): LossCurve | undefined {
  const { counts, sums } = histogram;
  const bits = new Uint32Array(losses.buffer, losses.byteOffset, losses.length);
  let total = 0;
  let totalLoss = 0;
  let used = 0;
  let first = bins;
  for (let anchor = 0; anchor < state.length; anchor++) {
    if (state[anchor] !== wanted) continue;
    // A weight 1 - alpha below 0 makes losses negative; they share the first bin with 0.
    const bin = losses[anchor] > 0 ? bits[anchor] >>> shift : 0;
    if (counts[bin]++ === 0) {
      used++;
      if (bin < first) first = bin;
    }
    sums[bin] += losses[anchor];
    total++;
    totalLoss += losses[anchor];
  }
  if (total === 0 || !(totalLoss > 0)) {
    counts.fill(0);
    sums.fill(0);
    return undefined;
  }

  const keepsAll = used < maxPoints;
  const anchors = [0];
  const loss = [0];
  let below = 0;
  let lossBelow = 0;
  let previous = cellsOf(0, 0, total);
  for (let bin = first; below < total; bin++) {
    if (counts[bin] === 0) continue;
    below += counts[bin];
    lossBelow += sums[bin];
    counts[bin] = 0;
    sums[bin] = 0;
    const isLast = below === total;
    const share = isLast ? 1 : Math.min(1, lossBelow / totalLoss);
    const here = cellsOf(below, share, total);
    if (keepsAll || isLast || here.some((cell, i) => cell !== previous[i])) {
      anchors.push(below / total);
      loss.push(share);
      previous = here;
    }
  }
  return { gamma, anchors, loss };
}

/**
 * Places a point among equal steps of the share of anchors, of the share of loss, and of the logarithm of the number of
 * harder anchors, so that the curve keeps points where it bends.
 */
function cellsOf(below: number, lossShare: number, total: number): number[] {
  const hardness = total > 1 ? Math.log(Math.max(1, total - below)) / Math.log(total) : 0;
  return [below / total, lossShare, hardness].map(x => Math.min(stepsPerScale - 1, Math.floor(x * stepsPerScale)));
}
