import { iou, type CornerBox } from '../common/boxes';
import type { Detections } from '../model/types';
import type { DetectionMatch } from '../protocol/analysis';

/**
 * The detections that overlap a box most: of one class column, and of any class. The higher score wins ties, since
 * detections are sorted by it.
 *
 * @param box original image pixels; a degenerate one overlaps nothing
 * @param column class column, -1 for none
 */
export function bestDetections(
  box: CornerBox,
  column: number,
  detections: Detections,
): { readonly same: DetectionMatch | null; readonly any: DetectionMatch | null } {
  let same: DetectionMatch | null = null;
  let any: DetectionMatch | null = null;
  const { boxes, columns, scores } = detections;
  for (let detection = 0; detection < detections.count; detection++) {
    const at = detection * 4;
    const overlap = iou(box, [boxes[at], boxes[at + 1], boxes[at + 2], boxes[at + 3]]);
    if (!(overlap > 0)) continue;
    const match = { detection, iou: overlap, score: scores[detection] };
    if (any === null || overlap > any.iou) any = match;
    if (columns[detection] === column && (same === null || overlap > same.iou)) same = match;
  }
  return { same, any };
}
