import type { AnchorLevel } from '../model/types';
import type { UncoveredReason } from '../protocol/analysis';

const { max, min, sqrt, fround } = Math;

/** The distinct shapes of all anchors, network input pixels. */
export interface AnchorShapes {
  readonly widths: readonly number[];
  readonly heights: readonly number[];
  /** Nominal sizes (square roots of areas) and ratios (height over width), before rounding to whole pixels. */
  readonly sizes: readonly number[];
  readonly ratios: readonly number[];
}

export function anchorShapes(levels: readonly Pick<AnchorLevel, 'baseAnchors' | 'sizes' | 'ratios'>[]): AnchorShapes {
  const widths: number[] = [];
  const heights: number[] = [];
  for (const { baseAnchors } of levels) {
    for (let at = 0; at < baseAnchors.length; at += 4) {
      const width = baseAnchors[at + 2] - baseAnchors[at];
      const height = baseAnchors[at + 3] - baseAnchors[at + 1];
      if (!(width > 0 && height > 0)) continue;
      widths.push(width);
      heights.push(height);
    }
  }
  const sizes = levels.flatMap(level => level.sizes);
  const ratios = levels.flatMap(level => level.ratios);
  return { widths, heights, sizes, ratios };
}

/** Best IoU of a box with anchors laid concentrically over it: what it could reach at the best position. */
export function concentricIou(width: number, height: number, shapes: AnchorShapes): number {
  let best = 0;
  for (let i = 0; i < shapes.widths.length; i++) {
    const intersection = min(width, shapes.widths[i]) * min(height, shapes.heights[i]);
    best = max(best, intersection / (width * height + shapes.widths[i] * shapes.heights[i] - intersection));
  }
  return best;
}

/**
 * Why no anchor reaches the foreground threshold with a label as its best one.
 *
 * @param box x1, y1, x2, y2 in network input pixels, of positive width and height
 * @param input size of the resized image inside the network input, pixels
 * @param bestIou highest IoU of any anchor with the label
 * @param contested whether the label's best anchor overlaps another label more
 */
export function uncoveredReason(
  box: Float32Array,
  input: { readonly width: number; readonly height: number },
  shapes: AnchorShapes,
  bestIou: number,
  contested: boolean,
  fgIou: number,
): UncoveredReason {
  const [x1, y1, x2, y2] = box;
  if (x2 <= 0 || y2 <= 0 || x1 >= input.width || y1 >= input.height) return 'outside';
  if (bestIou >= fround(fgIou)) return 'contested';
  const width = x2 - x1;
  const height = y2 - y1;
  if (concentricIou(width, height, shapes) < fgIou) return shapeReason(width, height, shapes);
  return contested ? 'contested' : 'position';
}

/** Which of size and aspect ratio costs more IoU, the other one taken as perfect. */
function shapeReason(width: number, height: number, shapes: AnchorShapes): UncoveredReason {
  const size = sqrt(width * height);
  const ratio = height / width;
  const nearestSize = nearestByFactor(size, shapes.sizes);
  const nearestRatio = nearestByFactor(ratio, shapes.ratios);
  const sizeIou = (min(size, nearestSize) / max(size, nearestSize)) ** 2;
  // Boxes of one area and centre whose widths differ by a factor f overlap in 1/f of it.
  const shared = sqrt(min(ratio, nearestRatio) / max(ratio, nearestRatio));
  const ratioIou = shared / (2 - shared);
  if (ratioIou <= sizeIou) return 'aspectRatio';
  return size < nearestSize ? 'tooSmall' : 'tooLarge';
}

/** The value whose quotient with `wanted` is nearest to 1. */
export function nearestByFactor(wanted: number, values: readonly number[]): number {
  const distance = (value: number): number => max(value / wanted, wanted / value);
  return values.reduce((best, value) => (distance(value) < distance(best) ? value : best), values[0] ?? 0);
}
