import { iou } from '../../../src/common/boxes';
import type { Method, Suspicion } from '../types';
import { detectionsOf, properLabels, type SceneDetection } from './sceneParts';

const matchIou = 0.5;
const missingConfidence = 0.95;

/**
 * FiftyOne Brain's `compute_mistakenness` from confidences. Detections are matched to labels across classes, by
 * descending confidence, each to the free label of highest IoU from 0.5 on. A matched label has a class mistakenness
 * (1 -+ confidence) / 2 and a box mistakenness (c (2 i - 1) + 1) / 2 with i = 2 (1 - IoU); an unmatched label is
 * possibly spurious; an unmatched detection above 0.95 is possibly missing. Those two are flags, so in one ranked list
 * they come first: a spurious label at 1, a missing one at its confidence.
 */
export const fiftyOne: Method = {
  name: 'FiftyOne',
  suspicions(scene) {
    const labels = properLabels(scene);
    const matches = new Map<string, { readonly detection: SceneDetection; readonly iou: number }>();
    const found: Suspicion[] = [];
    for (const detection of detectionsOf(scene)) {
      const [best] = labels
        .filter(({ id }) => !matches.has(id))
        .map(label => ({ label, iou: iou(label.box, detection.box) }))
        .filter(pair => pair.iou >= matchIou)
        .sort((a, b) => b.iou - a.iou);
      if (best !== undefined) matches.set(best.label.id, { detection, iou: best.iou });
      else if (detection.score > missingConfidence) {
        found.push({ labelId: null, box: detection.box, score: detection.score, kind: 'drop' });
      }
    }
    for (const { id, box, column } of labels) {
      const match = matches.get(id);
      if (match === undefined) {
        found.push({ labelId: id, box, score: 1, kind: 'spawn' });
        continue;
      }
      const confidence = match.detection.score;
      const sign = match.detection.column === column ? -1 : 1;
      const misplaced = (1 - match.iou) / (1 - matchIou);
      found.push(
        { labelId: id, box, score: (1 + sign * confidence) / 2, kind: 'flip' },
        { labelId: id, box, score: (confidence * (2 * misplaced - 1) + 1) / 2, kind: 'shift' },
      );
    }
    return found;
  },
};
