import { boundedLogit, clamp, logMiss } from './featureScales';
import type { IssueEvidence } from './issueEvidence';
import type { LabelEvidence } from './labelEvidence';
import type { ObjectEvidence } from './objectEvidence';

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
  'labelledShare',
  'bestFit',
  'closestVote',
  'objectMissTimesVote',
  'missBeyondUsual',
] as const;

export const objectFeatureNames = ['labelIou', 'labelledShare'] as const;

type Surroundings = Pick<IssueEvidence, 'objects' | 'picture'>;

/** Features of a label, in the order of {@link labelFeatureNames}. */
export function labelFeatures(evidence: LabelEvidence, { objects, picture }: Surroundings): number[] {
  const { object } = evidence;
  const ownLogit = clamp(evidence.ownLogit, -9, 5);
  const anchors = Math.log1p(evidence.foreground);
  const noObject = object < 0;
  const objectMiss = noObject ? 0 : logMiss(evidence.objectIou);
  const objectVote = noObject ? 0 : boundedLogit(objects.probabilities[object]);
  return [
    boundedLogit(evidence.ownProbability),
    boundedLogit(evidence.otherProbability),
    ownLogit,
    clamp(evidence.otherLogit, -9, 5),
    logMiss(evidence.decodedIou),
    evidence.decodedAgreement,
    objectMiss,
    objectVote,
    noObject ? 1 : 0,
    anchors,
    anchors * ownLogit,
    evidence.twinIou,
    noObject ? 0 : picture.labelledShares[object],
    logMiss(evidence.bestFit),
    logMiss(evidence.closestVote),
    objectMiss * objectVote,
    noObject ? 0 : objectMiss - picture.usualMiss,
  ];
}

/**
 * Features of an object without a label, in the order of {@link objectFeatureNames}. Its probability counts through
 * the share of labelled objects at that probability: how sure a model is of what it sees differs from model to model.
 */
export function objectFeatures({ object, labelIou }: ObjectEvidence, { picture }: Surroundings): number[] {
  return [labelIou, picture.labelledShares[object]];
}
