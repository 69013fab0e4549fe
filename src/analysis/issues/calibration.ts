import { sigmoid } from '../focalLoss';
import calibration from './calibration.json';
import { labelFeatureNames, objectFeatureNames } from './features';

/** What can be wrong with a label that takes part in the loss; `clean` for nothing. */
export const labelVerdicts = ['clean', 'spurious', 'wrongClass', 'badBox', 'duplicate'] as const;
export type LabelVerdict = (typeof labelVerdicts)[number];

/** Probability of each verdict, in the order of {@link labelVerdicts}; they sum to 1. */
export type VerdictProbabilities = readonly number[];

/**
 * Two logistic regressions, fitted by `bench/labels/fit.ts` on labels with planted errors: multinomial over the
 * verdicts for labels, binary for objects without a label. Weights are for features as they are, not standardised.
 */
export interface Calibration {
  /** Per verdict: bias first, then a weight per feature. */
  readonly labels: Readonly<Record<LabelVerdict, readonly number[]>>;
  readonly missing: readonly number[];
}

/** The committed coefficients. */
export const fittedCalibration: Calibration = calibration;

/** @param features see `labelFeatures` */
export function verdictProbabilities(features: readonly number[], { labels }: Calibration): VerdictProbabilities {
  const logits = labelVerdicts.map(verdict => linear(labels[verdict], features, labelFeatureNames.length));
  const largest = Math.max(...logits);
  const weights = logits.map(logit => Math.exp(logit - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map(weight => weight / total);
}

/** Probability that an object lacks its label. @param features see `objectFeatures` */
export function missingProbability(features: readonly number[], { missing }: Calibration): number {
  return sigmoid(linear(missing, features, objectFeatureNames.length));
}

function linear([bias, ...weights]: readonly number[], features: readonly number[], count: number): number {
  if (weights.length !== count || features.length !== count) {
    throw new RangeError(`${weights.length} weights for ${features.length} features, expected ${count}`);
  }
  return weights.reduce((sum, weight, i) => sum + weight * features[i], bias);
}
