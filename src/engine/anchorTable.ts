/** The per-anchor table of `focal-lens analyze --anchors`. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Analysis } from '../protocol/analysis';
import { anchorColumns } from '../protocol/anchorColumns';
import { anchorCsv, matchedLabel } from '../protocol/anchorCsv';
import { anchorPlaces } from '../protocol/anchorPlaces';

/** The content of a file that holds the table: CSV where it ends in `.csv`, else Parquet. */
export function anchorFile(file: string, analysis: Analysis): Uint8Array | string {
  return file.toLowerCase().endsWith('.csv') ? anchorCsv(analysis) : anchorTable(analysis);
}

/**
 * As Parquet: one row per anchor in (level, y, x, anchor) order: `level` (P3...), cell `y`, `x` and base anchor `anchor`; the box
 * `x1`..`y2` in network input pixels; `state` (1 foreground, 0 background, -2 ignored); `label` (index into the
 * analysis' labels for foreground, else -1); `iou`; `pt` (null when ignored); `worstClass` (class column); `crossEntropy` and `focal`
 * (sums over the anchor's terms, unnormalised).
 */
export function anchorTable(analysis: Analysis): Uint8Array {
  const columns = anchorColumns(analysis.columns);
  const place = anchorPlaces(analysis.anchors.levels, analysis.anchors.total);
  const pt = Array.from(columns.pt, value => (Number.isNaN(value) ? null : value));
  const int = (name: string, data: Int32Array) => ({ name, data, type: 'INT32' as const, nullable: false });
  const float = (name: string, data: Float32Array) => ({ name, data, type: 'FLOAT' as const, nullable: false });
  const buffer = parquetWriteBuffer({
    createdBy: 'Focal Lens',
    columnData: [
      { name: 'level', data: [...place.level], type: 'STRING', nullable: false },
      int('y', place.y),
      int('x', place.x),
      int('anchor', place.anchor),
      float('x1', place.x1),
      float('y1', place.y1),
      float('x2', place.x2),
      float('y2', place.y2),
      int('state', Int32Array.from(columns.state)),
      int(
        'label',
        columns.label.map((label, i) => matchedLabel(columns.state[i], label)),
      ),
      float('iou', columns.iou),
      { name: 'pt', data: pt, type: 'FLOAT', nullable: true },
      int('worstClass', Int32Array.from(columns.worstClass)),
      float('crossEntropy', columns.crossEntropy),
      float('focal', columns.focal),
    ],
  });
  return new Uint8Array(buffer);
}
