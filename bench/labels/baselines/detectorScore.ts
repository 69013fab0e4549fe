import { iou, type CornerBox } from '../../../src/common/boxes';
import type { Method, Suspicion } from '../types';
import { detectionsOf, properLabels } from './sceneParts';

/**
 * The detector's score: a label is as doubtful as its best detection of the same class is improbable (IoU at least
 * 0.5), a detection without any label as suspicious as it is probable.
 */
export const detectorScore: Method = {
  name: 'detector score',
  suspicions(scene) {
    const detections = detectionsOf(scene);
    const labels = properLabels(scene);
    const found: Suspicion[] = labels.map(({ id, box, column }) => {
      const scores = detections.filter(other => other.column === column && iou(other.box, box) >= 0.5);
      return { labelId: id, box, score: 1 - Math.max(0, ...scores.map(({ score }) => score)), kind: null };
    });
    for (const { box, score } of detections) {
      if (!hasLabel(box, labels)) found.push({ labelId: null, box, score, kind: 'drop' });
    }
    return found;
  },
};

export function hasLabel(box: CornerBox, labels: readonly { readonly box: CornerBox }[]): boolean {
  return labels.some(label => iou(box, label.box) >= 0.5);
}
