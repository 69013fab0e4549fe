import { coverage, overlap } from './boxOverlap';
import type { Pairing } from './pairing';
import { sameObjectIou, type SeenObjects } from './seenObjects';

/** An object the model sees at a place that no label marks. */
export interface ObjectEvidence {
  readonly object: number;
  /** Largest probability among its anchors, and their number. */
  readonly probability: number;
  readonly votes: number;
  /** Mean IoU of their decoded boxes with the object's box. */
  readonly agreement: number;
  /** Largest IoU with a label. */
  readonly labelIou: number;
}

/**
 * Evidence about the objects that are paired with no label and overlap none by half, by descending probability.
 *
 * @param labelBoxes x1, y1, x2, y2 per label, original image pixels
 * @param crowds per label 1 for one that marks a crowd: what lies in it by half has its label
 */
export function objectEvidence(
  labelBoxes: Float64Array,
  crowds: Uint8Array,
  objects: SeenObjects,
  pairing: Pairing,
): readonly ObjectEvidence[] {
  const rows: ObjectEvidence[] = [];
  for (let object = 0; object < objects.count; object++) {
    if (pairing.labelOf[object] >= 0) continue;
    let labelIou = 0;
    let covered = 0;
    for (let label = 0; label < crowds.length; label++) {
      labelIou = Math.max(labelIou, overlap(objects.boxes, object * 4, labelBoxes, label * 4));
      if (crowds[label] === 1) covered = Math.max(covered, coverage(objects.boxes, object * 4, labelBoxes, label * 4));
    }
    if (labelIou >= sameObjectIou || covered >= 0.5) continue;
    rows.push({
      object,
      probability: objects.probabilities[object],
      votes: objects.votes[object],
      agreement: objects.agreement[object],
      labelIou,
    });
  }
  return rows;
}
