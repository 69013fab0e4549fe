import type { FocalParameters } from '../model/types';
import type { ClassificationColumns } from './anchorLosses';
import { expOfNegative, maxExponent } from './expOfNegative';
import { alphaWeight, crossEntropy, focalLoss } from './focalLoss';
import { matchState } from './matchState';
import { addTerms, newTermSums, type TermTable } from './termTable';

/** Stands for the worst class where there is none but the target. */
const leastLogit = -1e30;

/**
 * What `anchorLosses` computes without what serves other gammas, from a table: for runs over many images. See
 * {@link TermTable} for the errors.
 *
 * @param logits row-major [anchors, classes]
 * @param targets per anchor: target column, or -1 background, or -2 ignored
 * @param table for the gamma of `focal`
 * @param columns zeroed; all but `tail` are filled
 * @returns whether all logits are finite; the columns mean nothing where they are not
 */
export function quickLosses(
  logits: Float32Array,
  classes: number,
  targets: Int32Array,
  focal: FocalParameters,
  table: TermTable,
  columns: Omit<ClassificationColumns, 'tail'>,
): boolean {
  const { pt, worstClass, worstLogit, targetLogit } = columns;
  const weight = alphaWeight(0, focal.alpha);
  const sums = newTermSums();
  for (let anchor = 0; anchor < targets.length; anchor++) {
    const from = anchor * classes;
    const to = from + classes;
    const target = targets[anchor];
    const skipped = target >= 0 ? from + target : to;
    sums[0] = 0;
    sums[1] = 0;
    let worst = addTerms(table, logits, from, skipped, sums);
    if (target >= 0) {
      const after = addTerms(table, logits, skipped + 1, to, sums);
      if (worst < 0 || (after >= 0 && logits[after] > logits[worst])) worst = after;
    }
    worstClass[anchor] = worst < 0 ? 0 : worst - from;
    worstLogit[anchor] = worst < 0 ? leastLogit : logits[worst];
    if (target === matchState.ignored) {
      pt[anchor] = NaN;
      continue;
    }
    let entropySum = sums[0];
    let focalSum = weight * sums[1];
    if (target >= 0) {
      const logit = logits[skipped];
      if (!Number.isFinite(logit)) return false;
      targetLogit[anchor] = logit;
      entropySum += crossEntropy(logit, 1);
      focalSum += focalLoss(logit, 1, focal);
    }
    pt[anchor] = quickSigmoid(target >= 0 ? targetLogit[anchor] : -worstLogit[anchor]);
    columns.crossEntropy[anchor] = entropySum;
    columns.focal[anchor] = focalSum;
  }
  return sums[2] === 0;
}

/** `sigmoid` to the last places of float64. */
function quickSigmoid(x: number): number {
  const distance = x < 0 ? -x : x;
  const e = distance < maxExponent ? expOfNegative(distance) : 0;
  return (x >= 0 ? 1 : e) / (1 + e);
}
