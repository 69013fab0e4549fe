/** The per-anchor table of `focal-lens analyze --anchors`, as Parquet. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Analysis, LevelInfo } from '../protocol/analysis';
import { anchorColumns } from '../protocol/anchorColumns';

/**
 * One row per anchor in (level, y, x, anchor) order: `level` (P3...), cell `y`, `x` and base anchor `anchor`; the box
 * `x1`..`y2` in network input pixels; `state` (1 foreground, 0 background, -2 ignored); `label` (index into the
 * analysis' labels, or -1); `iou`; `pt` (null when ignored); `worstClass` (class column); `crossEntropy` and `focal`
 * (sums over the anchor's terms, unnormalised).
 */
export function anchorTable(analysis: Analysis): Uint8Array {
  const columns = anchorColumns(analysis.columns);
  const place = places(analysis.anchors.levels, analysis.anchors.total);
  const pt = Array.from(columns.pt, value => (Number.isNaN(value) ? null : value));
  const int = (name: string, data: Int32Array) => ({ name, data, type: 'INT32' as const, nullable: false });
  const float = (name: string, data: Float32Array) => ({ name, data, type: 'FLOAT' as const, nullable: false });
  const buffer = parquetWriteBuffer({
    createdBy: 'Focal Lens',
    columnData: [
      { name: 'level', data: place.level, type: 'STRING', nullable: false },
      int('y', place.y),
      int('x', place.x),
      int('anchor', place.anchor),
      float('x1', place.x1),
      float('y1', place.y1),
      float('x2', place.x2),
      float('y2', place.y2),
      int('state', Int32Array.from(columns.state)),
      int('label', columns.label),
      float('iou', columns.iou),
      { name: 'pt', data: pt, type: 'FLOAT', nullable: true },
      int('worstClass', Int32Array.from(columns.worstClass)),
      float('crossEntropy', columns.crossEntropy),
      float('focal', columns.focal),
    ],
  });
  return new Uint8Array(buffer);
}

/** Cell, base anchor and box of every anchor. */
function places(levels: readonly LevelInfo[], total: number) {
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
