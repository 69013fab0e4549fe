import { iou } from '../../../src/common/boxes';
import { anchorColumns } from '../../../src/protocol/anchorColumns';
import { anchorState } from '../../../src/protocol/analysis';
import type { Method, Suspicion } from '../types';
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
    const { prepared, anchors } = scene;
    for (const { box } of detectionsOf(scene)) {
      if (hasLabel(box, labels)) continue;
      const input = [
        box[0] * prepared.scaleX,
        box[1] * prepared.scaleY,
        box[2] * prepared.scaleX,
        box[3] * prepared.scaleY,
      ] as const;
      let score = 0;
      for (let anchor = 0; anchor < anchors.count; anchor++) {
        const [x1, y1, x2, y2] = anchors.boxes.subarray(anchor * 4, anchor * 4 + 4);
        if (columns.state[anchor] !== anchorState.background || x1 > input[2] || x2 < input[0]) continue;
        if (iou([x1, y1, x2, y2], input) >= 0.5) score += columns.focal[anchor];
      }
      found.push({ labelId: null, box, score, kind: 'drop' });
    }
    return found;
  },
};
