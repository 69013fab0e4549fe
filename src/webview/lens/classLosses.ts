import { anchorState } from '../../protocol/analysis';
import type { LensImage } from './lensImage';

/** What the anchors of one class column carry: foreground ones by their label's class, others by their worst class. */
export interface ClassLoss {
  readonly column: number;
  readonly labels: number;
  readonly foreground: number;
  /** Focal loss, unnormalised. */
  readonly foregroundFocal: number;
  readonly background: number;
  readonly backgroundFocal: number;
}

/**
 * Every anchor that takes part is counted once, so that the losses add up to the image's. One entry per class column,
 * costliest first; columns without label and without loss are left out.
 */
export function classLosses({ analysis, columns }: Pick<LensImage, 'analysis' | 'columns'>): ClassLoss[] {
  const { length } = analysis.model.classes;
  const counts = { foreground: new Uint32Array(length), background: new Uint32Array(length) };
  const focal = { foreground: new Float64Array(length), background: new Float64Array(length) };
  const labelColumns = Int32Array.from(analysis.labels, label => label.column);
  for (let i = 0; i < columns.state.length; i++) {
    if (columns.state[i] === anchorState.ignored) continue;
    const isForeground = columns.state[i] === anchorState.foreground;
    const column = isForeground ? labelColumns[columns.label[i]] : columns.worstClass[i];
    if (column < 0 || column >= length) continue;
    const side = isForeground ? 'foreground' : 'background';
    counts[side][column]++;
    focal[side][column] += columns.focal[i];
  }
  const rows = analysis.model.classes.map((_, column) => ({
    column,
    labels: analysis.labels.filter(label => label.column === column && label.excluded === undefined).length,
    foreground: counts.foreground[column],
    foregroundFocal: focal.foreground[column],
    background: counts.background[column],
    backgroundFocal: focal.background[column],
  }));
  const total = (row: ClassLoss) => row.foregroundFocal + row.backgroundFocal;
  return rows.filter(row => row.labels > 0 || total(row) > 0).sort((a, b) => total(b) - total(a));
}
