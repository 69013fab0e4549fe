import type { LossPrecision } from '../lossFollower';

/** Stands before a number that is computed from an anchor's sums instead of its terms. */
export function estimateMark(precision: LossPrecision): string {
  return precision === 'estimate' ? '≈ ' : '';
}

/** Says beside the sliders how near the shown losses are; nothing while they are the model's own. */
export const precisionWords: Readonly<Record<LossPrecision, string>> = {
  own: '',
  exact: 'exact',
  estimate: '≈ within 0.5%',
};

/** The same in a sentence or two. `hosted`: whether somebody recomputes them at rest. */
export function precisionSentence(precision: LossPrecision, hosted: boolean): string {
  if (precision === 'exact') return 'Recomputed term by term: every loss on this page is exact.';
  const estimate = 'Losses are computed from each anchor’s sums: within 0.5% of the exact ones.';
  return hosted
    ? `${estimate} Exact once the slider rests.`
    : `${estimate} The exact ones need the model, which a report does not hold.`;
}
