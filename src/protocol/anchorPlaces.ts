import type { LevelInfo } from './analysis';

/** Cell, base anchor and box of every anchor, in the order of the columns; boxes in network input pixels. */
export interface AnchorPlaces {
  /** Names such as P3. */
  readonly level: readonly string[];
  readonly y: Int32Array;
  readonly x: Int32Array;
  readonly anchor: Int32Array;
  readonly x1: Float32Array;
  readonly y1: Float32Array;
  readonly x2: Float32Array;
  readonly y2: Float32Array;
}

export function anchorPlaces(levels: readonly LevelInfo[], total: number): AnchorPlaces {
  const level = new Array<string>(total);
  const [y, x, anchor] = [new Int32Array(total), new Int32Array(total), new Int32Array(total)];
  const [x1, y1] = [new Float32Array(total), new Float32Array(total)];
  const [x2, y2] = [new Float32Array(total), new Float32Array(total)];
  for (const { name, stride, grid, offset, count, baseAnchors } of levels) {
    const perCell = baseAnchors.length / 4;
    for (let i = 0; i < count; i++) {
      const index = offset + i;
      const cell = Math.floor(i / perCell);
      const base = i % perCell;
      level[index] = name;
      y[index] = Math.floor(cell / grid[1]);
      x[index] = cell % grid[1];
      anchor[index] = base;
      const centreY = Math.floor(cell / grid[1]) * stride[0];
      const centreX = (cell % grid[1]) * stride[1];
      x1[index] = centreX + (baseAnchors[base * 4] ?? NaN);
      y1[index] = centreY + (baseAnchors[base * 4 + 1] ?? NaN);
      x2[index] = centreX + (baseAnchors[base * 4 + 2] ?? NaN);
      y2[index] = centreY + (baseAnchors[base * 4 + 3] ?? NaN);
    }
  }
  return { level, y, x, anchor, x1, y1, x2, y2 };
}
