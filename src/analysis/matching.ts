import { matchState } from './matchState';

const { fround, min } = Math;

export interface MatchOptions {
  /** Foreground from this IoU on. */
  readonly fgIou: number;
  /** Background below this IoU; ignored between the two. */
  readonly bgIou: number;
  readonly allowLowQualityMatches: boolean;
}

/** Which label each anchor is trained on. Labels are numbered as in `labelBoxes`. */
export interface Matching {
  /** Per anchor: label, or -1 background, or -2 ignored. */
  readonly matched: Int32Array;
  /** Per anchor: highest IoU with any label; 0 without labels. */
  readonly iou: Float32Array;
  /** Per anchor: label of the highest IoU, the first one on ties; -1 where no label overlaps. */
  readonly bestLabel: Int32Array;
  /** Per anchor: 1 for foreground below `fgIou`, by the low-quality rule alone. */
  readonly byLowQuality: Uint8Array;
  /** Per label: highest IoU of any anchor, and the first anchor that has it (-1 where none overlaps). */
  readonly labelIou: Float32Array;
  readonly labelAnchor: Int32Array;
  /**
   * Labels no anchor overlaps. torchvision's low-quality rule finds each anchor's IoU of 0 equal to the label's best
   * and turns every anchor of the image into foreground; here such labels take no part.
   */
  readonly withoutOverlap: readonly number[];
}

/** Consecutive anchors tested against a label at once; they lie close together on the grid. */
const blockSize = 64;

/**
 * torchvision's `box_iou` and `Matcher` (models/detection/_utils.py), bit for bit: float32, rounded after every
 * operation, thresholds rounded to float32 as torch does in comparisons.
 *
 * @param anchorBoxes x1, y1, x2, y2 per anchor, network input pixels
 * @param labelBoxes x1, y1, x2, y2 per label in the same pixels, of positive width and height
 */
export function matchAnchors(anchorBoxes: Float32Array, labelBoxes: Float32Array, options: MatchOptions): Matching {
  const anchors = anchorBoxes.length / 4;
  const labels = labelBoxes.length / 4;
  const iou = new Float32Array(anchors);
  const bestLabel = new Int32Array(anchors).fill(-1);
  const labelIou = new Float32Array(labels);
  const labelAnchor = new Int32Array(labels).fill(-1);
  const ties: Int32Array[] = [];

  const areas = boxAreas(anchorBoxes);
  const blocks = blockBounds(anchorBoxes);
  for (let label = 0; label < labels; label++) {
    const best = scanLabel(label, labelBoxes, anchorBoxes, areas, blocks, iou, bestLabel);
    labelIou[label] = best.iou;
    labelAnchor[label] = best.anchors.length > 0 ? best.anchors[0] : -1;
    ties.push(best.anchors);
  }

  const withoutOverlap = Array.from(labelIou.keys()).filter(label => labelAnchor[label] < 0);
  const matched = applyThresholds(iou, bestLabel, labelAnchor, options);
  const byLowQuality = new Uint8Array(anchors);
  if (options.allowLowQualityMatches) {
    const threshold = fround(options.fgIou);
    for (const tied of ties) {
      for (const anchor of tied) {
        matched[anchor] = bestLabel[anchor];
        if (iou[anchor] < threshold) byLowQuality[anchor] = 1;
      }
    }
  }
  return { matched, iou, bestLabel, byLowQuality, labelIou, labelAnchor, withoutOverlap };
}

/**
 * Compares one label with all anchors near it, raising `iou` and `bestLabel` where it is better than the labels before.
 *
 * @returns the label's best IoU and, if it is above 0, all anchors that have exactly it, in ascending order
 */
function scanLabel(
  label: number,
  labelBoxes: Float32Array,
  anchorBoxes: Float32Array,
  areas: Float32Array,
  blocks: Float32Array,
  iou: Float32Array,
  bestLabel: Int32Array,
): { iou: number; anchors: Int32Array } {
  const [x1, y1, x2, y2] = labelBoxes.subarray(label * 4, label * 4 + 4);
  const area = fround(fround(x2 - x1) * fround(y2 - y1));
  const tied: number[] = [];
  let best = 0;
  for (let block = 0; block * 4 < blocks.length; block++) {
    const at = block * 4;
    if (blocks[at] >= x2 || blocks[at + 1] >= y2 || blocks[at + 2] <= x1 || blocks[at + 3] <= y1) continue;
    const end = min((block + 1) * blockSize, areas.length);
    for (let anchor = block * blockSize; anchor < end; anchor++) {
      const from = anchor * 4;
      const left = anchorBoxes[from];
      const top = anchorBoxes[from + 1];
      const right = anchorBoxes[from + 2];
      const bottom = anchorBoxes[from + 3];
      // Spelled out: `Math.min` and `Math.max` take far longer, for the sake of NaN and -0.
      if (left >= x2 || right <= x1 || top >= y2 || bottom <= y1) continue;
      const width = fround((right < x2 ? right : x2) - (left > x1 ? left : x1));
      const height = fround((bottom < y2 ? bottom : y2) - (top > y1 ? top : y1));
      const intersection = fround(width * height);
      const value = fround(intersection / fround(fround(area + areas[anchor]) - intersection));
      if (value > iou[anchor]) {
        iou[anchor] = value;
        bestLabel[anchor] = label;
      }
      if (value < best || value === 0) continue;
      if (value > best) tied.length = 0;
      best = value;
      tied.push(anchor);
    }
  }
  return { iou: best, anchors: Int32Array.from(tied) };
}

function applyThresholds(
  iou: Float32Array,
  bestLabel: Int32Array,
  labelAnchor: Int32Array,
  options: MatchOptions,
): Int32Array {
  const foreground = fround(options.fgIou);
  const background = fround(options.bgIou);
  // torch's arg-max over IoUs that are all 0 is the first label; it only counts with a foreground threshold of 0.
  const firstLabel = labelAnchor.findIndex(anchor => anchor >= 0);
  const matched = new Int32Array(iou.length).fill(matchState.background);
  if (firstLabel < 0) return matched;
  for (let anchor = 0; anchor < iou.length; anchor++) {
    const value = iou[anchor];
    if (value < background) continue;
    if (value < foreground) matched[anchor] = matchState.ignored;
    else matched[anchor] = bestLabel[anchor] < 0 ? firstLabel : bestLabel[anchor];
  }
  return matched;
}

function boxAreas(boxes: Float32Array): Float32Array {
  const areas = new Float32Array(boxes.length / 4);
  for (let i = 0; i < areas.length; i++) {
    const at = i * 4;
    areas[i] = fround(boxes[at + 2] - boxes[at]) * fround(boxes[at + 3] - boxes[at + 1]);
  }
  return areas;
}

/** The smallest box around every `blockSize` consecutive boxes, 4 numbers each. */
function blockBounds(boxes: Float32Array): Float32Array {
  const count = boxes.length / 4;
  const bounds = new Float32Array(Math.ceil(count / blockSize) * 4);
  for (let block = 0; block * 4 < bounds.length; block++) {
    let x1 = Infinity;
    let y1 = Infinity;
    let x2 = -Infinity;
    let y2 = -Infinity;
    const end = min((block + 1) * blockSize, count) * 4;
    for (let at = block * blockSize * 4; at < end; at += 4) {
      if (boxes[at] < x1) x1 = boxes[at];
      if (boxes[at + 1] < y1) y1 = boxes[at + 1];
      if (boxes[at + 2] > x2) x2 = boxes[at + 2];
      if (boxes[at + 3] > y2) y2 = boxes[at + 3];
    }
    bounds[block * 4] = x1;
    bounds[block * 4 + 1] = y1;
    bounds[block * 4 + 2] = x2;
    bounds[block * 4 + 3] = y2;
  }
  return bounds;
}
