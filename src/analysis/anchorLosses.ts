import type { FocalParameters } from '../model/types';
import { tailWidth, type AnchorColumns } from '../protocol/anchorColumns';
import { alphaWeight, crossEntropy, focalLoss, sigmoid } from './focalLoss';
import { matchState } from './matchState';
import { fitTail, newTail, tailAtoms, withoutTerm } from './lossTail';
import { expOfNegative, logOfOnePlus, maxExponent } from './unitExponentials';

/** Per-anchor classification losses: sums over an anchor's terms, unnormalised; 0 for ignored anchors. */
export interface AnchorLosses {
  readonly crossEntropy: Float32Array;
  readonly focal: Float32Array;
  /** Foreground: probability of the target column. Background: 1 - the largest probability. NaN when ignored. */
  readonly pt: Float32Array;
  /** Column with the largest probability among non-target columns, the first one on ties. */
  readonly worstClass: Uint16Array;
  /** Focal losses under the gammas of the loss curve, ascending, with the current one among them. */
  readonly byGamma: readonly { readonly gamma: number; readonly focal: Float32Array }[];
  readonly gammaProfile: GammaProfile;
}

/** What the focal loss of each anchor follows from under any gamma in [0, 5] and any alpha; see `AnchorColumns`. */
export type GammaProfile = Pick<AnchorColumns, 'worstLogit' | 'targetLogit' | 'tail'>;

/** `sums`: without what serves the loss curve and other gammas (`byGamma`, `tail`), for runs over many images. */
export type LossDetail = 'full' | 'sums';

/** The gammas of Figure 4 of arXiv 1708.02002. */
const curveGammas = [0, 0.5, 1, 2] as const;

/** -log p where p vanishes. */
const noProbability = 1e30;
/** Stands for the worst class where there is none but the target. */
const leastLogit = -1e30;

/**
 * Focal loss and cross entropy of every anchor, summed over all class columns (column 0 included), under the current
 * gamma and those of the loss curve, in one pass. Terms are computed in float64 as `focalLoss` does.
 *
 * @param logits row-major [anchors, classes], finite (see `requireFinite`)
 * @param targets per anchor: target column, or -1 background, or -2 ignored
 */
export function anchorLosses(
  logits: Float32Array,
  classes: number,
  targets: Int32Array,
  focal: FocalParameters,
  detail: LossDetail = 'full',
): AnchorLosses {
  const anchors = targets.length;
  const full = detail === 'full';
  const columns = (): Float32Array => new Float32Array(anchors);
  const curves = curveGammas.map(gamma => ({ gamma: gamma, focal: columns() }));
  const [zero, half, one, two] = curves.map(curve => curve.focal);
  const current = curves.find(({ gamma }) => gamma === focal.gamma);
  const otherGamma = current === undefined;
  const other = current?.focal ?? columns();
  const byGamma = otherGamma ? [...curves, { gamma: focal.gamma, focal: other }] : curves;

  const entropies = columns();
  const pt = columns();
  const worstClass = new Uint16Array(anchors);
  const tails = new Float32Array(full ? anchors * tailWidth : 0);
  const gammaProfile = { worstLogit: columns(), targetLogit: columns(), tail: tails };
  const tail = newTail();
  const tailSums = new Float64Array(7);
  const weight = alphaWeight(0, focal.alpha);
  for (let anchor = 0; anchor < anchors; anchor++) {
    const from = anchor * classes;
    const target = targets[anchor];
    let worst = -Infinity;
    let worstColumn = 0;
    if (target === matchState.ignored) {
      for (let column = 0; column < classes; column++) {
        if (logits[from + column] > worst) {
          worst = logits[from + column];
          worstColumn = column;
        }
      }
      worstClass[anchor] = worstColumn;
      gammaProfile.worstLogit[anchor] = worst;
      pt[anchor] = NaN;
      continue;
    }

    // Sums over the non-target columns of cross entropy times p^gamma, with p = 1 - p_t the column's probability.
    let sumZero = 0;
    let sumHalf = 0;
    let sumOne = 0;
    let sumTwo = 0;
    let sumThree = 0;
    let sumFour = 0;
    let sumFive = 0;
    let sumOther = 0;
    for (let column = 0; column < classes; column++) {
      if (column === target) continue;
      const logit = logits[from + column];
      if (logit > worst) {
        worst = logit;
        worstColumn = column;
      }
      const size = Math.abs(logit);
      const e = size > maxExponent ? 0 : expOfNegative(size);
      const log = logOfOnePlus(e);
      const positive = logit >= 0;
      const p = (positive ? 1 : e) / (1 + e);
      const entropy = positive ? log + logit : log;
      const one = p * entropy;
      const two = p * one;
      const three = p * two;
      const four = p * three;
      sumZero += entropy;
      sumHalf += Math.sqrt(p) * entropy;
      sumOne += one;
      sumTwo += two;
      sumThree += three;
      sumFour += four;
      sumFive += p * four;
      if (otherGamma) {
        // p^gamma = e^(gamma log p)
        const exponent = focal.gamma * (positive ? log : log + size);
        if (exponent <= maxExponent) sumOther += expOfNegative(exponent) * entropy;
      }
    }
    gammaProfile.worstLogit[anchor] = Math.max(worst, leastLogit);
    if (full) {
      tailSums[0] = sumZero;
      tailSums[1] = sumOne;
      tailSums[2] = sumTwo;
      tailSums[3] = sumThree;
      tailSums[4] = sumFour;
      tailSums[5] = sumFive;
      tailSums[6] = sumHalf;
      withoutTerm(tailSums, sigmoid(worst), worst === -Infinity ? 0 : crossEntropy(worst, 0));
      fitTail(tailSums, tail);
      for (let i = 0; i < tailAtoms; i++) {
        gammaProfile.tail[anchor * tailWidth + i] = tail.weights[i];
        gammaProfile.tail[anchor * tailWidth + tailAtoms + i] =
          tail.nodes[i] > 0 ? -Math.log(tail.nodes[i]) : noProbability;
      }
      gammaProfile.tail[anchor * tailWidth + 2 * tailAtoms] = tail.correction;
    }
    worstClass[anchor] = worstColumn;
    entropies[anchor] = sumZero;
    zero[anchor] = weight * sumZero;
    half[anchor] = weight * sumHalf;
    one[anchor] = weight * sumOne;
    two[anchor] = weight * sumTwo;
    if (otherGamma) other[anchor] = weight * sumOther;
    if (target === matchState.background) {
      pt[anchor] = sigmoid(-worst);
      continue;
    }
    const logit = logits[from + target];
    gammaProfile.targetLogit[anchor] = logit;
    pt[anchor] = sigmoid(logit);
    entropies[anchor] = sumZero + crossEntropy(logit, 1);
    for (let i = 0; i < byGamma.length; i++) {
      const { gamma, focal: losses } = byGamma[i];
      const sum = [sumZero, sumHalf, sumOne, sumTwo, sumOther][i];
      losses[anchor] = weight * sum + focalLoss(logit, 1, { gamma, alpha: focal.alpha });
    }
  }
  const ascending = [...byGamma].sort((a, b) => a.gamma - b.gamma);
  return { crossEntropy: entropies, focal: other, pt, worstClass, byGamma: full ? ascending : [], gammaProfile };
}
