import type { LabelEvidence } from './labelEvidence';
import type { ObjectEvidence } from './objectEvidence';
import type { SeenObjects } from './seenObjects';

/**
 * The numbers the calibration weighs. All are logits of probabilities, functions of IoUs or logarithms of counts, so
 * that they mean the same for every model and data set.
 */
export const labelFeatureNames = [
  'ownVote',
  'otherVote',
  'ownForeground',
  'otherForeground',
  'decodedMiss',
  'decodedAgreement',
  'objectMiss',
  'objectVote',
  'noObject',
  'anchors',
  'anchorsTimesOwn',
  'twin',
] as const;

export const objectFeatureNames = ['vote'] as const;

/** Features of a label, in the order of {@link labelFeatureNames}. */
export function labelFeatures(evidence: LabelEvidence, objects: SeenObjects): number[] {
  const { object } = evidence;
  const ownLogit = clamp(evidence.ownLogit, -9, 5);
  const anchors = Math.log1p(evidence.foreground);
  return [
    boundedLogit(evidence.ownProbability),
    boundedLogit(evidence.otherProbability),
    ownLogit,
    clamp(evidence.otherLogit, -9, 5),
    miss(evidence.decodedIou),
    evidence.decodedAgreement,
    object < 0 ? 0 : miss(evidence.objectIou),
    object < 0 ? 0 : boundedLogit(objects.probabilities[object]),
    object < 0 ? 1 : 0,
    anchors,
    anchors * ownLogit,
    evidence.twinIou,
  ];
}

/**
 * Features of an object without a label, in the order of {@link objectFeatureNames}: its probability alone. How many
 * anchors agree helped on one data set and harmed on another, as it grows with the size of objects.
 */
export function objectFeatures({ probability }: ObjectEvidence): number[] {
  return [boundedLogit(probability)];
}

/** Logit of a probability held between 1e-4 and 1 - 1e-4. */
function boundedLogit(probability: number): number {
  const p = clamp(probability, 1e-4, 1 - 1e-4);
  return Math.log(p / (1 - p));
}

/** Logarithm of what an IoU lacks of 1, from -3.9 for equal boxes to 0 for disjoint ones. */
function miss(iou: number): number {
  return Math.log(1.02 - clamp(iou, 0, 1));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
