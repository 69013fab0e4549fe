import { decodeBox } from './boxCoder';
import { topCandidates } from './topCandidates';
import type { Anchors, Detections, ForwardResult, ModelConfig, PreparedImage } from './types';

const { fround } = Math;

/** Up to this many boxes torchvision runs all classes at once, set apart by an offset that rounds the boxes. */
const offsetLimit = 1000;

type Size = Pick<PreparedImage, 'width' | 'height'>;
type DetectionConfig = Pick<ModelConfig, 'scoreThreshold' | 'topkPerLevel' | 'nmsThreshold' | 'detectionsPerImage'>;

/**
 * Detections as torchvision's `RetinaNet.postprocess_detections` and `GeneralizedRCNNTransform.postprocess` make
 * them, in float32: per level the best terms above the score threshold, decoded and clipped to the resized image,
 * then per-class non-maximum suppression, the best of all classes, and boxes scaled to the original image. The
 * background column is a class like any other there and so here. Equal scores keep (level, anchor, column) order.
 *
 * @param resized size of the resized image inside the network input
 * @param original size of the image as stored
 * @param largest per anchor its largest logit, where that is known: spares looking at those without a candidate
 * @returns boxes in original image pixels, by descending score
 */
export function detect(
  forward: Pick<ForwardResult, 'logits' | 'deltas'>,
  anchors: Pick<Anchors, 'boxes' | 'count' | 'levels'>,
  resized: Size,
  original: Size,
  config: DetectionConfig,
  largest?: Float32Array,
): Detections {
  const classes = forward.logits.length / anchors.count;
  const levels = anchors.levels.map(({ offset, count }) => {
    const logits = forward.logits.subarray(offset * classes, (offset + count) * classes);
    return {
      offset,
      ...topCandidates(logits, config.scoreThreshold, config.topkPerLevel, largest?.subarray(offset, offset + count)),
    };
  });

  const total = levels.reduce((sum, level) => sum + level.terms.length, 0);
  const candidates = {
    boxes: new Float32Array(total * 4),
    scores: new Float32Array(total),
    columns: new Int32Array(total),
    anchors: new Int32Array(total),
  };
  let at = 0;
  for (const { offset, terms, scores } of levels) {
    candidates.scores.set(scores, at);
    for (const term of terms) {
      const anchor = offset + Math.floor(term / classes);
      candidates.anchors[at] = anchor;
      candidates.columns[at] = term % classes;
      decodeBox(forward.deltas, anchors.boxes, anchor, candidates.boxes, at * 4);
      at++;
    }
  }
  clip(candidates.boxes, 0, candidates.boxes.length, resized);

  const kept = suppress(candidates, config.nmsThreshold, config.detectionsPerImage);
  const boxes = new Float32Array(kept.length * 4);
  kept.forEach((from, to) => boxes.set(candidates.boxes.subarray(from * 4, from * 4 + 4), to * 4));
  scale(boxes, 0, boxes.length, resized, original);
  return {
    count: kept.length,
    boxes,
    scores: Float32Array.from(kept, i => candidates.scores[i]),
    columns: Int32Array.from(kept, i => candidates.columns[i]),
    anchors: Int32Array.from(kept, i => candidates.anchors[i]),
  };
}

/**
 * Decoded boxes of anchors, clipped to the image: of all of them, or of those that `wanted` marks.
 *
 * @param boxes filled and returned; 4 numbers per anchor
 * @param wanted per anchor not 0 for those to decode; the boxes of others stay as they are
 * @returns x1, y1, x2, y2 per anchor in original image pixels
 */
export function decodeAllBoxes(
  deltas: Float32Array,
  anchors: Pick<Anchors, 'boxes' | 'count'>,
  resized: Size,
  original: Size,
  boxes: Float32Array = new Float32Array(anchors.count * 4),
  wanted?: Uint8Array,
): Float32Array {
  for (let anchor = 0; anchor < anchors.count; anchor++) {
    if (wanted?.[anchor] === 0) continue;
    decodeBox(deltas, anchors.boxes, anchor, boxes, anchor * 4);
    clip(boxes, anchor * 4, anchor * 4 + 4, resized);
    scale(boxes, anchor * 4, anchor * 4 + 4, resized, original);
  }
  return boxes;
}

/** Clips the boxes in [from, to). */
function clip(boxes: Float32Array, from: number, to: number, { width, height }: Size): void {
  for (let i = from; i < to; i += 2) {
    const x = boxes[i];
    const y = boxes[i + 1];
    boxes[i] = x <= 0 ? 0 : x > width ? width : x;
    boxes[i + 1] = y <= 0 ? 0 : y > height ? height : y;
  }
}

/** Scales the boxes in [from, to). */
function scale(boxes: Float32Array, from: number, to: number, size: Size, scaled: Size): void {
  const x = fround(scaled.width / size.width);
  const y = fround(scaled.height / size.height);
  for (let i = from; i < to; i += 2) {
    boxes[i] *= x;
    boxes[i + 1] *= y;
  }
}

/**
 * Greedy non-maximum suppression within each class, as torchvision's `batched_nms`.
 *
 * @returns indices of the kept boxes by descending score, at most `limit`
 */
function suppress(
  { boxes, scores, columns }: { boxes: Float32Array; scores: Float32Array; columns: Int32Array },
  threshold: number,
  limit: number,
): number[] {
  const count = scores.length;
  const compared = count > offsetLimit ? boxes : offsetByClass(boxes, columns);
  const areas = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = i * 4;
    areas[i] = fround(compared[at + 2] - compared[at]) * fround(compared[at + 3] - compared[at + 1]);
  }
  const order = Int32Array.from({ length: count }, (_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
  const kept: number[] = [];
  // Kept boxes of a class as a chain: its latest one, and from each the one before.
  const latest = new Map<number, number>();
  const previous = new Int32Array(count);
  for (const candidate of order) {
    if (kept.length === limit) break;
    const first = latest.get(columns[candidate]) ?? -1;
    let other = first;
    while (other >= 0 && !(overlap(compared, areas, other * 4, candidate * 4) > threshold)) other = previous[other];
    if (other >= 0) continue;
    kept.push(candidate);
    previous[candidate] = first;
    latest.set(columns[candidate], candidate);
  }
  return kept;
}

/** IoU in float32 of the boxes at two positions; not a number where both are empty. */
function overlap(boxes: Float32Array, areas: Float32Array, a: number, b: number): number {
  const width = Math.max(0, fround(Math.min(boxes[a + 2], boxes[b + 2]) - Math.max(boxes[a], boxes[b])));
  const height = Math.max(0, fround(Math.min(boxes[a + 3], boxes[b + 3]) - Math.max(boxes[a + 1], boxes[b + 1])));
  const intersection = fround(width * height);
  return fround(intersection / fround(fround(areas[a / 4] + areas[b / 4]) - intersection));
}

function offsetByClass(boxes: Float32Array, columns: Int32Array): Float32Array {
  let largest = -Infinity;
  for (const value of boxes) if (value > largest) largest = value;
  const step = fround(largest + 1);
  return boxes.map((value, i) => value + fround(columns[i >> 2] * step));
}
