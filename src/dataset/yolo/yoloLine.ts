import type { CornerBox } from '../../common/boxes';
import { yoloPixels } from './yoloPixels';
import { plainDecimal, shortestDecimal } from '../write/decimals';

/** Lengths in pixels that are equal but for rounding. */
const bound = 1e-9;

/** Centre and size, as fractions of the image, on one axis. */
export type YoloAxis = readonly [centre: number, length: number];

/**
 * The four numbers of a YOLO box: centre and size as fractions of the image, in the fewest digits that give the box
 * back: exactly where its corners have up to nine decimals, else within 1e-9 pixels.
 */
export function yoloFractions([x1, y1, x2, y2]: CornerBox, image: { width: number; height: number }): string {
  const [x, width] = yoloAxis(x1, x2, image.width);
  const [y, height] = yoloAxis(y1, y2, image.height);
  return [x, y, width, height].map(plainDecimal).join(' ');
}

/** One axis of {@link yoloFractions}. */
export function yoloAxis(from: number, to: number, size: number): YoloAxis {
  const centre = (from + to) / 2 / size;
  const length = (to - from) / size;
  for (const allowed of [0, bound]) {
    const isGood = (axis: YoloAxis) => axisError(axis, from, to, size) <= allowed;
    if (!isGood([centre, length])) continue;
    const shortCentre = shortestDecimal(centre, c => isGood([c, length]));
    return [shortCentre, shortestDecimal(length, l => isGood([shortCentre, l]))];
  }
  return [centre, length];
}

/** Whether an axis gives two corners back but for rounding. */
export function isAxisOf(axis: YoloAxis, from: number, to: number, size: number): boolean {
  return axisError(axis, from, to, size) <= bound;
}

/** The error in pixels, as the reader computes corners. */
function axisError([centre, length]: YoloAxis, from: number, to: number, size: number): number {
  const corner = (fraction: number, wanted: number) => Math.abs(yoloPixels(fraction, size) - wanted);
  return Math.max(corner(centre - length / 2, from), corner(centre + length / 2, to));
}
