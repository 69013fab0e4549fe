import type { Point } from '../canvas/viewport';
import { anchorsPerCell, cellAt, locateAnchor, tileBox } from './geometry';
import type { LensImage } from './lensImage';

export interface AnchorHit {
  readonly anchor: number;
  /** Index of the level, and the cell whose tile holds the point. */
  readonly level: number;
  readonly y: number;
  readonly x: number;
  readonly value: number;
}

/**
 * The anchors whose tiles hold a point of the image, over the enabled levels, hottest first; equal ones by index.
 * Empty outside the network's padded input.
 * @param values one per anchor
 * @param passing 1 for each anchor to be found; all where it is left out
 */
export function anchorsAt(
  image: LensImage,
  values: Float32Array,
  levelMask: number,
  point: Point,
  passing?: Uint8Array,
): AnchorHit[] {
  const { scale, paddedWidth, paddedHeight } = image.analysis.input;
  const networkX = point.x * scale[1];
  const networkY = point.y * scale[0];
  if (networkX < 0 || networkY < 0 || networkX > paddedWidth || networkY > paddedHeight) return [];
  const hits: AnchorHit[] = [];
  image.analysis.anchors.levels.forEach((info, level) => {
    const cell = (levelMask & (1 << level)) === 0 ? undefined : cellAt(info, networkX, networkY);
    if (cell === undefined) return;
    const perCell = anchorsPerCell(info);
    const first = info.offset + (cell.y * info.grid[1] + cell.x) * perCell;
    for (let anchor = first; anchor < first + perCell; anchor++) {
      if (passing === undefined || passing[anchor] === 1) hits.push({ anchor, level, ...cell, value: values[anchor] });
    }
  });
  return inOrder(hits);
}

/** Hottest first, equal ones by index. */
export function inOrder(hits: readonly AnchorHit[]): AnchorHit[] {
  return [...hits].sort((a, b) => b.value - a.value || a.anchor - b.anchor);
}

/** The anchors at the middle of an anchor's tile as {@link anchorsAt} finds them, itself among them in any case. */
export function neighboursOf(
  image: LensImage,
  values: Float32Array,
  levelMask: number,
  anchor: number,
  passing: Uint8Array | undefined,
): AnchorHit[] {
  const { level, y, x } = locateAnchor(image.analysis.anchors.levels, anchor);
  const [x1, y1, x2, y2] = tileBox(image.analysis, level, y, x);
  const middle = { x: (x1 + x2) / 2, y: (y1 + y2) / 2 };
  const hits = anchorsAt(image, values, levelMask | (1 << level), middle, passing);
  return hits.some(hit => hit.anchor === anchor) ? hits : [{ anchor, level, y, x, value: values[anchor] }, ...hits];
}
