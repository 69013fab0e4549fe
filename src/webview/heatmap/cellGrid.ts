/** Anchors reduced to one value per cell of each pyramid level: what the heatmap's texture holds. */
import type { LevelInfo } from '../../protocol/analysis';
import { anchorsPerCell } from '../lens/geometry';
import type { Combination } from '../lens/metrics';

export interface CellLevel {
  /** Index of the level's first cell; cells run row by row. */
  readonly offset: number;
  readonly width: number;
  readonly height: number;
  /** Network input pixels. */
  readonly strideX: number;
  readonly strideY: number;
  readonly firstAnchor: number;
  readonly anchorsPerCell: number;
}

export interface CellLayout {
  readonly levels: readonly CellLevel[];
  readonly cells: number;
}

export function cellLayout(levels: readonly LevelInfo[]): CellLayout {
  let cells = 0;
  const laidOut = levels.map(level => {
    const offset = cells;
    cells += level.grid[0] * level.grid[1];
    return {
      offset,
      width: level.grid[1],
      height: level.grid[0],
      strideX: level.stride[1],
      strideY: level.stride[0],
      firstAnchor: level.offset,
      anchorsPerCell: anchorsPerCell(level),
    };
  });
  return { levels: laidOut, cells };
}

/**
 * One value per cell over all levels: maximum or sum over the anchors of the cell.
 * @param values one per anchor, >= 0
 * @param out reused when it has the right size
 */
export function reduceCells(
  layout: CellLayout,
  values: Float32Array,
  combination: Combination,
  out = new Float32Array(layout.cells),
): Float32Array {
  for (const level of layout.levels) {
    const cells = level.width * level.height;
    const perCell = level.anchorsPerCell;
    let anchor = level.firstAnchor;
    for (let cell = 0; cell < cells; cell++) {
      let reduced = 0;
      for (let i = 0; i < perCell; i++) {
        const value = values[anchor++];
        if (combination === 'sum') reduced += value;
        else if (value > reduced) reduced = value;
      }
      out[level.offset + cell] = reduced;
    }
  }
  return out;
}

/**
 * The heatmap's value at a point in network pixels over the enabled levels; the shader's reference.
 * @param levelMask bit i enables level i
 * @param smooth interpolates between the four nearest anchor centers instead of taking the nearest
 */
export function valueAt(
  layout: CellLayout,
  cells: Float32Array,
  levelMask: number,
  combination: Combination,
  networkX: number,
  networkY: number,
  smooth = false,
): number {
  let combined = 0;
  for (let i = 0; i < layout.levels.length; i++) {
    const level = layout.levels[i];
    if (level === undefined || (levelMask & (1 << i)) === 0) continue;
    const x = Math.floor(networkX / level.strideX + 0.5);
    const y = Math.floor(networkY / level.strideY + 0.5);
    if (x < 0 || y < 0 || x >= level.width || y >= level.height) continue;
    const value = smooth
      ? smoothed(cells, level, networkX / level.strideX, networkY / level.strideY)
      : cells[level.offset + y * level.width + x];
    combined = combination === 'sum' ? combined + value : Math.max(combined, value);
  }
  return combined;
}

/** Bilinear between cells, whose centers lie at whole numbers; the outermost cells reach on. */
function smoothed(cells: Float32Array, level: CellLevel, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const at = (column: number, row: number) => {
    const c = Math.min(level.width - 1, Math.max(0, column));
    const r = Math.min(level.height - 1, Math.max(0, row));
    return cells[level.offset + r * level.width + c];
  };
  const mix = (a: number, b: number, t: number) => a + (b - a) * t;
  const upper = mix(at(left, top), at(left + 1, top), x - left);
  const lower = mix(at(left, top + 1), at(left + 1, top + 1), x - left);
  return mix(upper, lower, y - top);
}
