/**
 * The box coder of Faster R-CNN as torchvision's `BoxCoder` with weights 1, 1, 1, 1 computes it: float32,
 * rounded after every operation. Boxes are x1, y1, x2, y2 in network input pixels, deltas dx, dy, dw, dh,
 * four numbers each in one row-major array.
 */
const { fround, exp, log } = Math;

/** Upper bound of dw and dh before they are exponentiated: a box grows at most 62.5-fold. */
const maxLogScale = fround(log(1000 / 16));

/**
 * Decodes the deltas of one anchor into `boxes` from position `at` on; the box is not clipped.
 *
 * @param deltas [anchors, 4]
 * @param anchors [anchors, 4]
 */
export function decodeBox(
  deltas: Float32Array,
  anchors: Float32Array,
  anchor: number,
  boxes: Float32Array,
  at: number,
): void {
  const from = anchor * 4;
  const x1 = anchors[from];
  const y1 = anchors[from + 1];
  const width = fround(anchors[from + 2] - x1);
  const height = fround(anchors[from + 3] - y1);
  const centreX = fround(x1 + fround(0.5 * width));
  const centreY = fround(y1 + fround(0.5 * height));
  const dw = deltas[from + 2];
  const dh = deltas[from + 3];
  const x = fround(fround(deltas[from] * width) + centreX);
  const y = fround(fround(deltas[from + 1] * height) + centreY);
  const halfWidth = fround(0.5 * fround(fround(exp(dw > maxLogScale ? maxLogScale : dw)) * width));
  const halfHeight = fround(0.5 * fround(fround(exp(dh > maxLogScale ? maxLogScale : dh)) * height));
  boxes[at] = x - halfWidth;
  boxes[at + 1] = y - halfHeight;
  boxes[at + 2] = x + halfWidth;
  boxes[at + 3] = y + halfHeight;
}

/**
 * The deltas that turn an anchor into its reference box, the regression targets, into `deltas` from position `at` on.
 *
 * @param references boxes of positive width and height, the one in question at position `reference`
 * @param anchors boxes, the anchor at position `anchor`
 */
export function encodeBox(
  references: Float32Array,
  reference: number,
  anchors: Float32Array,
  anchor: number,
  deltas: Float32Array,
  at: number,
): void {
  for (let axis = 0; axis < 2; axis++) {
    const anchorStart = anchors[anchor + axis];
    const anchorSize = fround(anchors[anchor + axis + 2] - anchorStart);
    const anchorCentre = fround(anchorStart + fround(0.5 * anchorSize));
    const start = references[reference + axis];
    const size = fround(references[reference + axis + 2] - start);
    const centre = fround(start + fround(0.5 * size));
    deltas[at + axis] = fround(centre - anchorCentre) / anchorSize;
    deltas[at + axis + 2] = log(fround(size / anchorSize));
  }
}
