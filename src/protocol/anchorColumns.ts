/**
 * Per-anchor data as struct-of-arrays columns in one exact-size ArrayBuffer, anchors in
 * (level, y, x, anchor) order.
 */
export interface AnchorColumns {
  /** 1 foreground, 0 background, -2 ignored. */
  readonly state: Int8Array;
  /** Index into `Analysis.labels` of a foreground anchor's label, of the best-IoU label otherwise; -1 where none overlaps. */
  readonly label: Int32Array;
  /** Highest IoU with any label, float32 as in matching. */
  readonly iou: Float32Array;
  /** p_t as design defines it per state; NaN when ignored. */
  readonly pt: Float32Array;
  /** Column with the largest probability among non-target columns, the first one on ties. */
  readonly worstClass: Uint16Array;
  /** Sums over the anchor's terms, unnormalised; 0 when ignored. */
  readonly crossEntropy: Float32Array;
  readonly focal: Float32Array;
  /** Box loss of foreground anchors, unnormalised; 0 otherwise. */
  readonly boxRegression: Float32Array;
  /** Decoded boxes x1, y1, x2, y2 in original image pixels, clipped to the image; 4 per anchor. */
  readonly decoded: Float32Array;
  /** Logit of `worstClass`. */
  readonly worstLogit: Float32Array;
  /** Logit of the target column of a foreground anchor; 0 otherwise. */
  readonly targetLogit: Float32Array;
  /**
   * The other columns' terms under any gamma in [0, 5]: {@link tailWidth} numbers per anchor, weights w1, w2, w3, rates
   * r1, r2, r3 and a correction c. Their sum of cross entropy times p^gamma is sum of w e^(-gamma r), for gamma below 1
   * times 1 + 8 c gamma (1 - gamma)^2. 0 when ignored.
   */
  readonly tail: Float32Array;
}

export const tailWidth = 7;

const layout = [
  ['label', Int32Array, 1],
  ['iou', Float32Array, 1],
  ['pt', Float32Array, 1],
  ['crossEntropy', Float32Array, 1],
  ['focal', Float32Array, 1],
  ['boxRegression', Float32Array, 1],
  ['decoded', Float32Array, 4],
  ['worstLogit', Float32Array, 1],
  ['targetLogit', Float32Array, 1],
  ['tail', Float32Array, tailWidth],
  ['worstClass', Uint16Array, 1],
  ['state', Int8Array, 1],
] as const;

const bytesPerAnchor = layout.reduce((sum, [, type, width]) => sum + type.BYTES_PER_ELEMENT * width, 0);

/** Views of the columns in `buffer`, whose size gives the number of anchors. */
export function anchorColumns(buffer: ArrayBuffer): AnchorColumns {
  const count = buffer.byteLength / bytesPerAnchor;
  if (!Number.isInteger(count)) {
    throw new RangeError(`${buffer.byteLength} bytes are not a whole number of anchors of ${bytesPerAnchor} bytes`);
  }
  const columns: Record<string, unknown> = {};
  let offset = 0;
  for (const [name, type, width] of layout) {
    columns[name] = new type(buffer, offset, count * width);
    offset += count * width * type.BYTES_PER_ELEMENT;
  }
  return columns as unknown as AnchorColumns;
}

/** The columns in the order they lie in the buffer, each with the bytes it has for an anchor. */
export const columnLayout = {
  columns: layout.map(([name, type, width]) => ({ name, bytes: type.BYTES_PER_ELEMENT * width })),
  bytesPerAnchor,
} as const;

/** A zeroed buffer for `count` anchors. */
export function allocateAnchorColumns(count: number): ArrayBuffer {
  return new ArrayBuffer(count * bytesPerAnchor);
}
