import { overlap } from './boxOverlap';
import { boundedLogit, clamp, logMiss } from './featureScales';
import type { ObjectEvidence } from './objectEvidence';
import type { Pairing } from './pairing';
import type { SeenObjects } from './seenObjects';

/**
 * What is usual in one picture, so that a suspicion is told from how this model does on these labels: models differ in
 * how sure they are and how closely they place boxes, data sets in what they label at all.
 */
export interface PictureContext {
  /** Per object log odds that one seen as surely has a label, see {@link labelledShares}. */
  readonly labelledShares: Float64Array;
  /** Per object how many others are seen about as surely, and how many of these have a label. */
  readonly peers: Int32Array;
  readonly labelledPeers: Int32Array;
  /** Median of log(1.02 - IoU) over the labels and their objects. */
  readonly usualMiss: number;
}

/** Objects this far apart in the logit of their probability or farther tell nothing about each other. */
const peerDistance = 1.7;
/** Log odds are held within this: few pictures show enough objects for more. */
const mostLogOdds = 3;
/** The usual miss of the tuning data, and as many labels as it is worth beside the picture's own. */
const priorMiss = -1.9;
const priorWeight = 3;

/**
 * @param labelBoxes x1, y1, x2, y2 per label, original image pixels
 * @param missing the objects without a label
 */
export function pictureContext(
  labelBoxes: Float64Array,
  objects: SeenObjects,
  pairing: Pairing,
  missing: readonly Pick<ObjectEvidence, 'object'>[],
): PictureContext {
  return { ...labelledShares(objects, pairing, missing), usualMiss: usualMiss(labelBoxes, objects, pairing) };
}

/**
 * Log odds that an object has a label, from the other objects of the picture: a kernel estimate (a triangle over the
 * logit of the probability) that starts from the model's own probability, worth one object. Where no object has a label
 * there is nothing to compare with, and the picture may be empty on purpose: then half the logit of the probability, so
 * that only what is seen surely is suspected. Objects that share another's label, or lie in a crowd, say nothing.
 *
 * @param objects by descending probability
 */
function labelledShares(
  { count, probabilities }: SeenObjects,
  { labelOf }: Pairing,
  missing: readonly Pick<ObjectEvidence, 'object'>[],
): Pick<PictureContext, 'labelledShares' | 'peers' | 'labelledPeers'> {
  const logits = Float64Array.from(probabilities, boundedLogit);
  const anyLabelled = labelOf.some(label => label >= 0);
  const lacksLabel = new Uint8Array(count);
  for (const { object } of missing) lacksLabel[object] = 1;
  const labelled = Float64Array.from(probabilities);
  const unlabelled = Float64Array.from(probabilities, probability => 1 - probability);
  const peers = new Int32Array(count);
  const labelledPeers = new Int32Array(count);
  const learn = (object: number, from: number, weight: number): void => {
    const hasLabel = labelOf[from] >= 0;
    if (!hasLabel && lacksLabel[from] === 0) return;
    (hasLabel ? labelled : unlabelled)[object] += weight;
    peers[object]++;
    if (hasLabel) labelledPeers[object]++;
  };
  for (let object = 0; anyLabelled && object < count; object++) {
    for (let other = object + 1; other < count; other++) {
      const weight = 1 - (logits[object] - logits[other]) / peerDistance;
      if (!(weight > 0)) break;
      learn(object, other, weight);
      learn(other, object, weight);
    }
  }
  const shares = labelled.map((weight, object) =>
    clamp(anyLabelled ? Math.log(weight / unlabelled[object]) : logits[object] / 2, -mostLogOdds, mostLogOdds),
  );
  return { labelledShares: shares, peers, labelledPeers };
}

function usualMiss(labelBoxes: Float64Array, objects: SeenObjects, { objectOf }: Pairing): number {
  const misses: number[] = [];
  objectOf.forEach((object, label) => {
    if (object >= 0) misses.push(logMiss(overlap(labelBoxes, label * 4, objects.boxes, object * 4)));
  });
  if (misses.length === 0) return priorMiss;
  misses.sort((a, b) => a - b);
  const median = (misses[(misses.length - 1) >> 1] + misses[misses.length >> 1]) / 2;
  return (median * misses.length + priorMiss * priorWeight) / (misses.length + priorWeight);
}
