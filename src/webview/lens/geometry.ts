/**
 * Where anchors and their tiles lie. Network input pixels and original image pixels differ by `input.scale`;
 * an anchor of cell (y, x) is centred at (x * stride x, y * stride y) network pixels, and its tile reaches
 * half a stride to each side of that centre.
 */
import type { CornerBox } from '../../common/boxes';
import type { Analysis, LevelInfo } from '../../protocol/analysis';
import type { AnchorColumns } from '../../protocol/anchorColumns';

export interface AnchorPlace {
  readonly level: number;
  readonly y: number;
  readonly x: number;
  /** Index of the base anchor within the cell. */
  readonly base: number;
}

export function anchorsPerCell(level: LevelInfo): number {
  const cells = level.grid[0] * level.grid[1];
  return cells === 0 ? 0 : level.count / cells;
}

/** Level, cell and base anchor of an anchor's index. Throws RangeError beyond the last anchor. */
export function locateAnchor(levels: readonly LevelInfo[], anchor: number): AnchorPlace {
  const level = levels.findIndex(l => anchor >= l.offset && anchor < l.offset + l.count);
  const info = levels[level];
  if (info === undefined) throw new RangeError(`There is no anchor ${anchor}`);
  const perCell = anchorsPerCell(info);
  const cell = Math.floor((anchor - info.offset) / perCell);
  return {
    level,
    y: Math.floor(cell / info.grid[1]),
    x: cell % info.grid[1],
    base: (anchor - info.offset) % perCell,
  };
}

/** The cell of `level` whose tile holds a point in network pixels, or undefined outside the level's tiles. */
export function cellAt(level: LevelInfo, networkX: number, networkY: number): { y: number; x: number } | undefined {
  const y = Math.floor(networkY / level.stride[0] + 0.5);
  const x = Math.floor(networkX / level.stride[1] + 0.5);
  return y >= 0 && x >= 0 && y < level.grid[0] && x < level.grid[1] ? { y, x } : undefined;
}

/** The tile of a cell, original image pixels. */
export function tileBox(analysis: Analysis, level: number, y: number, x: number): CornerBox {
  const info = analysis.anchors.levels[level];
  if (info === undefined) throw new RangeError(`There is no level ${level}`);
  const [strideY, strideX] = info.stride;
  return toImage(analysis, [(x - 0.5) * strideX, (y - 0.5) * strideY, (x + 0.5) * strideX, (y + 0.5) * strideY]);
}

/** An anchor's box, original image pixels; not clipped. */
export function anchorBox(analysis: Analysis, anchor: number): CornerBox {
  const { level, y, x, base } = locateAnchor(analysis.anchors.levels, anchor);
  const info = analysis.anchors.levels[level];
  const at = (i: number) => info?.baseAnchors[base * 4 + i];
  const centreX = x * info?.stride[1];
  const centreY = y * info?.stride[0];
  return toImage(analysis, [centreX + at(0), centreY + at(1), centreX + at(2), centreY + at(3)]);
}

/** Where the model moves an anchor, original image pixels; clipped to the image. */
export function decodedBox({ decoded }: Pick<AnchorColumns, 'decoded'>, anchor: number): CornerBox {
  const at = anchor * 4;
  return [decoded[at], decoded[at + 1], decoded[at + 2], decoded[at + 3]];
}

/** Network input pixels to original image pixels. */
function toImage(analysis: Analysis, [x1, y1, x2, y2]: CornerBox): CornerBox {
  const [scaleY, scaleX] = analysis.input.scale;
  return [x1 / scaleX, y1 / scaleY, x2 / scaleX, y2 / scaleY];
}
