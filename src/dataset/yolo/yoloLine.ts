import type { CornerBox } from '../../common/boxes';
import { plainDecimal, shortestDecimal } from '../write/decimals';

/**
 * The four numbers of a YOLO box: centre and size as fractions of the image, in the fewest digits (at least six after
 * the point) that give the box back: exactly where doubles allow it, else within 1e-9 pixels.
 */
export function yoloFractions([x1, y1, x2, y2]: CornerBox, image: { width: number; height: number }): string {
  const [x, width] = axis(x1, x2, image.width);
  const [y, height] = axis(y1, y2, image.height);
  return `${x} ${y} ${width} ${height}`;
}

function axis(from: number, to: number, size: number): [centre: string, length: string] {
  const bound = 1e-9;
  const centre = (from + to) / 2 / size;
  const length = (to - from) / size;
  // As the reader computes it.
  const start = (c: number, l: number) => (c - l / 2) * size;
  const end = (c: number, l: number) => (c + l / 2) * size;
  const error = (c: number, l: number) => Math.max(Math.abs(start(c, l) - from), Math.abs(end(c, l) - to));
  const shortCentre = shortestDecimal(centre, c => error(c, length) <= bound);
  const shortLength = shortestDecimal(length, l => error(shortCentre, l) <= bound);
  return [plainDecimal(shortCentre), plainDecimal(shortLength)];
}
