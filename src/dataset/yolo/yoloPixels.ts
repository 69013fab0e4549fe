/** Parts of a pixel that coordinates are told apart by. */
const grid = 1e9;
/** Pixels up to which a double tells such parts apart. */
const finest = 2 ** 52 / grid;

/**
 * A fraction of an image's size in pixels, to the nearest billionth of a pixel: for most places of an image there is no
 * double whose product with the size is the place, but with this all that is written in up to nine decimals comes back.
 */
export function yoloPixels(fraction: number, size: number): number {
  const pixels = fraction * size;
  // Plus 0: not -0.
  return Math.abs(pixels) < finest ? Math.round(pixels * grid) / grid + 0 : pixels;
}
