import type { FocalParameters } from '../model/types';
import { tailWidth, type AnchorColumns } from '../protocol/anchorColumns';
import { alphaWeight, crossEntropy, focalLoss, sigmoid } from './focalLoss';
import { matchState } from './matchState';
import { fitTail, newTail, tailAtoms, withoutTerm, type Tail, type TailSums } from './lossTail';
import { expOfNegative, maxExponent } from './expOfNegative';
import { sigmoidAt, softplusAt, tableReach, tableStep } from './logisticTable';

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

/** The columns that losses fill. */
export type ClassificationColumns = Pick<AnchorLosses, 'crossEntropy' | 'focal' | 'pt' | 'worstClass'> & GammaProfile;

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
 * @param into zeroed columns to fill
 */
export function anchorLosses(
  logits: Float32Array,
  classes: number,
  targets: Int32Array,
  focal: FocalParameters,
  detail: LossDetail = 'full',
  into = newColumns(targets.length, detail),
): AnchorLosses {
  const anchors = targets.length;
  const full = detail === 'full';
  const { crossEntropy: entropies, focal: other, pt, worstClass, worstLogit, targetLogit } = into;
  const gammaProfile = { worstLogit, targetLogit, tail: into.tail };
  const curves = curveGammas.map(gamma => ({
    gamma: gamma,
    focal: gamma === focal.gamma ? other : new Float32Array(anchors),
  }));
  const [zero, half, one, two] = curves.map(curve => curve.focal);
  const otherGamma = curves.every(curve => curve.focal !== other);
  const byGamma = otherGamma ? [...curves, { gamma: focal.gamma, focal: other }] : curves;

  const tail = newTail();
  const sums = new Float64Array(7);
  const weight = alphaWeight(0, focal.alpha);
  for (let anchor = 0; anchor < anchors; anchor++) {
    const from = anchor * classes;
    const to = from + classes;
    const target = targets[anchor];
    if (target === matchState.ignored) {
      const worstIndex = largest(logits, from, to);
      worstClass[anchor] = worstIndex - from;
      gammaProfile.worstLogit[anchor] = logits[worstIndex];
      pt[anchor] = NaN;
      continue;
    }

    const skipped = target >= 0 ? from + target : to;
    sums.fill(0);
    const before = addTerms(logits, from, skipped, sums);
    const after = addTerms(logits, skipped + 1, to, sums);
    const worstIndex = before < 0 || (after >= 0 && logits[after] > logits[before]) ? after : before;
    const worst = worstIndex < 0 ? leastLogit : logits[worstIndex];
    worstClass[anchor] = worstIndex < 0 ? 0 : worstIndex - from;
    gammaProfile.worstLogit[anchor] = worst;
    entropies[anchor] = sums[0];
    zero[anchor] = weight * sums[0];
    half[anchor] = weight * sums[6];
    one[anchor] = weight * sums[1];
    two[anchor] = weight * sums[2];
    let sumOther = 0;
    if (otherGamma) {
      sumOther = sumOfGamma(logits, from, skipped, focal.gamma) + sumOfGamma(logits, skipped + 1, to, focal.gamma);
      other[anchor] = weight * sumOther;
    }
    if (target === matchState.background) {
      pt[anchor] = sigmoid(-worst);
    } else {
      const logit = logits[from + target];
      gammaProfile.targetLogit[anchor] = logit;
      pt[anchor] = sigmoid(logit);
      entropies[anchor] = sums[0] + crossEntropy(logit, 1);
      const nonTarget = [sums[0], sums[6], sums[1], sums[2], sumOther];
      byGamma.forEach(({ gamma, focal: losses }, i) => {
        losses[anchor] = weight * nonTarget[i] + focalLoss(logit, 1, { gamma, alpha: focal.alpha });
      });
    }
    if (full) {
      if (worstIndex >= 0) withoutTerm(sums, sigmoid(worst), crossEntropy(worst, 0));
      fitTail(sums, tail);
      storeTail(tail, gammaProfile.tail, anchor * tailWidth);
    }
  }
  const ascending = [...byGamma].sort((a, b) => a.gamma - b.gamma);
  return { crossEntropy: entropies, focal: other, pt, worstClass, byGamma: full ? ascending : [], gammaProfile };
}

function newColumns(anchors: number, detail: LossDetail): ClassificationColumns {
  const columns = (width = 1): Float32Array => new Float32Array(anchors * width);
  return {
    crossEntropy: columns(),
    focal: columns(),
    pt: columns(),
    worstClass: new Uint16Array(anchors),
    worstLogit: columns(),
    targetLogit: columns(),
    tail: columns(detail === 'full' ? tailWidth : 0),
  };
}

/** Index of the largest logit in [from, to), the first one on ties. */
function largest(logits: Float32Array, from: number, to: number): number {
  let found = from;
  for (let i = from + 1; i < to; i++) if (logits[i] > logits[found]) found = i;
  return found;
}

/**
 * Adds cross entropy times p^gamma of the non-target terms in [from, to), p = 1 - p_t the column's probability. Returns
 * the index of the largest logit, the first one on ties, -1 for an empty range.
 */
function addTerms(logits: Float32Array, from: number, to: number, sums: TailSums): number {
  let worst = -Infinity;
  let worstIndex = -1;
  let zero = 0;
  let half = 0;
  let one = 0;
  let two = 0;
  let three = 0;
  let four = 0;
  let five = 0;
  for (let i = from; i < to; i++) {
    const logit = logits[i];
    if (logit > worst) {
      worst = logit;
      worstIndex = i;
    }
    let entropy: number;
    let p: number;
    if (logit > -tableReach && logit < tableReach) {
      const position = (logit + tableReach) / tableStep;
      entropy = softplusAt(position);
      p = sigmoidAt(position);
    } else {
      entropy = crossEntropy(logit, 0);
      p = sigmoid(logit);
    }
    const timesP = p * entropy;
    const timesP2 = p * timesP;
    const timesP3 = p * timesP2;
    const timesP4 = p * timesP3;
    zero += entropy;
    half += Math.sqrt(p) * entropy;
    one += timesP;
    two += timesP2;
    three += timesP3;
    four += timesP4;
    five += p * timesP4;
  }
  sums[0] += zero;
  sums[1] += one;
  sums[2] += two;
  sums[3] += three;
  sums[4] += four;
  sums[5] += five;
  sums[6] += half;
  return worstIndex;
}

/** The sum of {@link addTerms} for any gamma. */
function sumOfGamma(logits: Float32Array, from: number, to: number, gamma: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    const logit = logits[i];
    const inside = logit > -tableReach && logit < tableReach;
    const entropy = inside ? softplusAt((logit + tableReach) / tableStep) : crossEntropy(logit, 0);
    // p^gamma = e^(gamma log p), and log p = logit - log(1 + e^logit).
    const exponent = gamma * (entropy - logit);
    if (exponent <= maxExponent) sum += expOfNegative(exponent) * entropy;
  }
  return sum;
}

function storeTail({ weights, nodes, correction }: Tail, into: Float32Array, at: number): void {
  for (let i = 0; i < tailAtoms; i++) {
    into[at + i] = weights[i];
    into[at + tailAtoms + i] = nodes[i] > 0 ? -Math.log(nodes[i]) : noProbability;
  }
  into[at + 2 * tailAtoms] = correction;
}
