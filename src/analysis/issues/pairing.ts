import { overlap } from './boxOverlap';
import type { SeenObjects } from './seenObjects';

/** One-to-one pairing of labels and objects the model sees. */
export interface Pairing {
  /** Per label its object, -1 for none; per object its label, -1 for none. */
  readonly objectOf: Int32Array;
  readonly labelOf: Int32Array;
}

/** A pair overlaps at least this much: planted and real misplacements keep an IoU of about 0.4. */
const pairingIou = 0.3;

/**
 * Pairs labels with objects, best pairs first: IoU, weighed down to one half for improbable objects and by a tenth
 * for another class, so that of two equal boxes the likelier one counts. Ties go to the earlier label and object.
 *
 * @param labelBoxes x1, y1, x2, y2 per label, original image pixels
 * @param labelColumns class column per label, negative for labels to be left out
 */
export function pairLabels(labelBoxes: Float64Array, labelColumns: Int32Array, objects: SeenObjects): Pairing {
  const pairs: { readonly label: number; readonly object: number; readonly value: number }[] = [];
  for (let label = 0; label < labelColumns.length; label++) {
    if (labelColumns[label] < 0) continue;
    for (let object = 0; object < objects.count; object++) {
      const iou = overlap(labelBoxes, label * 4, objects.boxes, object * 4);
      if (iou < pairingIou) continue;
      const sameClass = objects.columns[object] === labelColumns[label] ? 1 : 0.9;
      pairs.push({ label, object, value: iou * sameClass * (0.5 + 0.5 * objects.probabilities[object]) });
    }
  }
  pairs.sort((a, b) => b.value - a.value || a.label - b.label || a.object - b.object);
  const objectOf = new Int32Array(labelColumns.length).fill(-1);
  const labelOf = new Int32Array(objects.count).fill(-1);
  for (const { label, object } of pairs) {
    if (objectOf[label] >= 0 || labelOf[object] >= 0) continue;
    objectOf[label] = object;
    labelOf[object] = label;
  }
  return { objectOf, labelOf };
}
