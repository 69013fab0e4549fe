/** A box as x1, y1, x2, y2. The pixel space (original image or network input) is named by whoever holds it. */
export type CornerBox = readonly [x1: number, y1: number, x2: number, y2: number];

/** A box as x, y, width, height in original image pixels: the form of COCO, of the command line and of the payloads. */
export type XywhBox = readonly [x: number, y: number, width: number, height: number];

export function toXywh([x1, y1, x2, y2]: CornerBox): XywhBox {
  return [x1, y1, x2 - x1, y2 - y1];
}

export function toCorners([x, y, width, height]: XywhBox): CornerBox {
  return [x, y, x + width, y + height];
}

/** Intersection over union in float64, for display and evaluation; matching uses the float32 version in `analysis/matching`. */
export function iou(a: CornerBox, b: CornerBox): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const intersection = width * height;
  return intersection / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - intersection);
}
