import { iou, type CornerBox } from '../../../src/common/boxes';
import { anchorColumns, type AnchorColumns } from '../../../src/protocol/anchorColumns';
import { anchorState } from '../../../src/protocol/analysis';
import type { Method, Scene, Suspicion } from '../types';
import { hasLabel } from './detectorScore';
import { detectionsOf, properLabels } from './sceneParts';

/**
 * Plain total loss: a label scores the classification and box losses of its foreground anchors, a detection without
 * any label the classification loss of the background anchors that would be its foreground (IoU at least 0.5).
 */
export const totalLoss: Method = {
  name: 'plain total loss',
  suspicions(scene) {
    const labels = properLabels(scene);
    const columns = anchorColumns(scene.analysis.columns);
    const found: Suspicion[] = labels.map(({ id, box, index }) => {
      const { classification, boxRegression } = scene.analysis.labels[index];
      return { labelId: id, box, score: classification + boxRegression, kind: null };
    });
    for (const { box } of detectionsOf(scene)) {
      if (!hasLabel(box, labels))
        found.push({ labelId: null, box, score: backgroundLoss(scene, columns, box), kind: 'drop' });
    }
    return found;
  },
};

/** Focal loss of the background anchors with an IoU of at least 0.5 with a box in original image pixels. */
function backgroundLoss({ prepared, anchors }: Scene, { state, focal }: AnchorColumns, box: CornerBox): number {
  const [x1, x2] = [box[0] * prepared.scaleX, box[2] * prepared.scaleX];
  const [y1, y2] = [box[1] * prepared.scaleY, box[3] * prepared.scaleY];
  const { boxes } = anchors;
  let sum = 0;
  for (let anchor = 0; anchor < anchors.count; anchor++) {
    const at = anchor * 4;
    if (boxes[at] >= x2 || boxes[at + 2] <= x1 || boxes[at + 1] >= y2 || boxes[at + 3] <= y1) continue;
    if (state[anchor] !== anchorState.background) continue;
    const overlap = iou([boxes[at], boxes[at + 1], boxes[at + 2], boxes[at + 3]], [x1, y1, x2, y2]);
    if (overlap >= 0.5) sum += focal[anchor];
  }
  return sum;
}
