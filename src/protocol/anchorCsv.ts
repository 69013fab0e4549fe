import { anchorState, type Analysis } from './analysis';
import { anchorColumns } from './anchorColumns';
import { anchorPlaces } from './anchorPlaces';

const header = 'level,y,x,anchor,x1,y1,x2,y2,state,label,iou,pt,worstClass,crossEntropy,focal';

/**
 * The per-anchor table as CSV, the same columns as the Parquet one: a row per anchor in (level, y, x, anchor) order,
 * boxes in network input pixels, `label` -1 unless foreground, `pt` empty when ignored. Numbers are the float32 values, exactly: whoever reads them
 * as float32 gets the same bits.
 */
export function anchorCsv({ anchors, columns: buffer }: Pick<Analysis, 'anchors' | 'columns'>): string {
  const columns = anchorColumns(buffer);
  const place = anchorPlaces(anchors.levels, anchors.total);
  const rows = new Array<string>(anchors.total + 1);
  rows[0] = header;
  for (let i = 0; i < anchors.total; i++) {
    const pt = columns.pt[i] ?? NaN;
    rows[i + 1] =
      `${place.level[i] ?? ''},${place.y[i] ?? ''},${place.x[i] ?? ''},${place.anchor[i] ?? ''},` +
      `${place.x1[i] ?? ''},${place.y1[i] ?? ''},${place.x2[i] ?? ''},${place.y2[i] ?? ''},` +
      `${columns.state[i] ?? ''},${matchedLabel(columns.state[i], columns.label[i])},${short(columns.iou[i])},${Number.isNaN(pt) ? '' : short(pt)},` +
      `${columns.worstClass[i] ?? ''},${short(columns.crossEntropy[i])},${short(columns.focal[i])}`;
  }
  return `${rows.join('\n')}\n`;
}

/** Index into `Analysis.labels` of the label that the anchor is to detect; -1 for an anchor that is not foreground. */
export function matchedLabel(state: number | undefined, label: number | undefined): number {
  return state === anchorState.foreground ? (label ?? -1) : -1;
}

/** Nine significant digits tell every two float32 apart. */
function short(value: number | undefined): string {
  return value === undefined ? '' : String(Number(value.toPrecision(9)));
}
