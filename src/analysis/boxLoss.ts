import { decodeBox, encodeBox } from '../model/boxCoder';
import type { ModelConfig } from '../model/types';

const { abs, max, min } = Math;

/** torchvision's eps in `generalized_box_iou_loss`. */
const giouEps = 1e-7;

/**
 * Box regression loss of every foreground anchor, unnormalised, as torchvision's `_box_loss` with weights 1, 1, 1, 1:
 * L1 and smooth L1 are summed over the four encoded deltas, GIoU compares the decoded box with the label.
 *
 * @param deltas [anchors, 4]
 * @param anchorBoxes [anchors, 4], x1, y1, x2, y2 in network input pixels
 * @param labelBoxes [labels, 4], in the same pixels, of positive width and height
 * @param matched per anchor: label, or a negative number for anchors that are not foreground
 * @param losses zeroed, filled and returned
 * @returns per anchor; 0 where it is not foreground
 */
export function boxLosses(
  deltas: Float32Array,
  anchorBoxes: Float32Array,
  labelBoxes: Float32Array,
  matched: Int32Array,
  { boxLoss, boxLossBeta }: Pick<ModelConfig, 'boxLoss' | 'boxLossBeta'>,
  losses: Float32Array = new Float32Array(matched.length),
): Float32Array {
  const box = new Float32Array(4);
  for (let anchor = 0; anchor < matched.length; anchor++) {
    const label = matched[anchor];
    if (label < 0) continue;
    if (boxLoss === 'giou') {
      decodeBox(deltas, anchorBoxes, anchor, box, 0);
      losses[anchor] = giouLoss(box, 0, labelBoxes, label * 4);
    } else {
      encodeBox(labelBoxes, label * 4, anchorBoxes, anchor * 4, box, 0);
      losses[anchor] = deltaLoss(deltas, anchor * 4, box, boxLoss === 'l1' ? 0 : boxLossBeta);
    }
  }
  return losses;
}

/** Smooth L1 over four deltas; L1 at beta 0. */
function deltaLoss(deltas: Float32Array, at: number, targets: Float32Array, beta: number): number {
  let sum = 0;
  for (let i = 0; i < 4; i++) {
    const distance = abs(deltas[at + i] - targets[i]);
    sum += distance < beta ? (0.5 * distance * distance) / beta : distance - 0.5 * beta;
  }
  return sum;
}

/** 1 - GIoU (arXiv 1902.09630) of the box at position `a` of `boxes` and the one at `b` of `others`. */
export function giouLoss(boxes: Float32Array, a: number, others: Float32Array, b: number): number {
  const width = min(boxes[a + 2], others[b + 2]) - max(boxes[a], others[b]);
  const height = min(boxes[a + 3], others[b + 3]) - max(boxes[a + 1], others[b + 1]);
  const intersection = width > 0 && height > 0 ? width * height : 0;
  const union = boxArea(boxes, a) + boxArea(others, b) - intersection;
  const hull =
    (max(boxes[a + 2], others[b + 2]) - min(boxes[a], others[b])) *
    (max(boxes[a + 3], others[b + 3]) - min(boxes[a + 1], others[b + 1]));
  return 1 - intersection / (union + giouEps) + (hull - union) / (hull + giouEps);
}

function boxArea(boxes: Float32Array, at: number): number {
  return (boxes[at + 2] - boxes[at]) * (boxes[at + 3] - boxes[at + 1]);
}
