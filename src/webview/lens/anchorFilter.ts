/** Which anchors heatmap, hover and lists speak of. */
import {
  anchorState,
  breakdownGroups,
  type Analysis,
  type BandThresholds,
  type BreakdownGroup,
} from '../../protocol/analysis';
import type { AnchorColumns } from '../../protocol/anchorColumns';
import { bandOf } from './bands';

export interface AnchorFilter {
  /** Bit i keeps the anchors of `breakdownGroups[i]`. */
  readonly groups: number;
  /** Keeps foreground anchors of this label (index) alone. */
  readonly label: number | undefined;
  /** Keeps foreground anchors of this class column's labels, and others whose worst class it is. */
  readonly column: number | undefined;
  /** Bit i keeps base anchors of the i-th aspect ratio, and of the i-th size, of their level. */
  readonly ratios: number;
  readonly sizes: number;
}

export const allGroups = (1 << breakdownGroups.length) - 1;
/** A level has fewer ratios and sizes than this has bits. */
export const everyShape = 0x7fffffff;

export const noFilter: AnchorFilter = {
  groups: allGroups,
  label: undefined,
  column: undefined,
  ratios: everyShape,
  sizes: everyShape,
};

export function isFiltering({ groups, label, column, ratios, sizes }: AnchorFilter): boolean {
  const all = groups === allGroups && ratios === everyShape && sizes === everyShape;
  return !all || label !== undefined || column !== undefined;
}

/** Index in `breakdownGroups` of an anchor's group. */
export function groupIndex(state: number, pt: number, bands: BandThresholds): number {
  if (state === anchorState.ignored) return ignoredGroup;
  const first = state === anchorState.foreground ? firstForeground : 0;
  const band = bandOf(pt, bands);
  return first + (band === 'easy' ? 0 : band === 'moderate' ? 1 : 2);
}

const indexOf = (group: BreakdownGroup) => breakdownGroups.indexOf(group);
const ignoredGroup = indexOf('ignored');
const firstForeground = indexOf('foreground/easy');

/** 1 for each anchor that passes, 0 for the others; undefined where all pass. */
export function passingAnchors(
  { analysis, columns }: { readonly analysis: Analysis; readonly columns: AnchorColumns },
  filter: AnchorFilter,
  bands: BandThresholds,
): Uint8Array | undefined {
  if (!isFiltering(filter)) return undefined;
  const { state, pt, label, worstClass } = columns;
  const { groups, column } = filter;
  const passing = new Uint8Array(state.length);
  const labelColumns = Int32Array.from(analysis.labels, l => l.column);
  for (const level of analysis.anchors.levels) {
    const shapes = passingShapes(level, filter);
    for (let i = level.offset, base = 0; i < level.offset + level.count; i++) {
      const isShape = shapes[base] === 1;
      if (++base === shapes.length) base = 0;
      if (!isShape) continue;
      const isForeground = state[i] === anchorState.foreground;
      if (filter.label !== undefined && !(isForeground && label[i] === filter.label)) continue;
      if (column !== undefined && (isForeground ? labelColumns[label[i]] : worstClass[i]) !== column) continue;
      if (groups !== allGroups && (groups & (1 << groupIndex(state[i], pt[i], bands))) === 0) continue;
      passing[i] = 1;
    }
  }
  return passing;
}

/** The values of anchors that pass, 0 for the others. */
export function passingValues(values: Float32Array, passing: Uint8Array | undefined): Float32Array {
  if (passing === undefined) return values;
  const kept = new Float32Array(values.length);
  for (let i = 0; i < kept.length; i++) if (passing[i] === 1) kept[i] = values[i];
  return kept;
}

/** The distinct values of a level's base anchors, in their order: bit i of a mask means the i-th of these. */
export function distinct(values: readonly number[]): number[] {
  return [...new Set(values)];
}

function passingShapes({ sizes, ratios }: Analysis['anchors']['levels'][number], filter: AnchorFilter): Uint8Array {
  const [ownSizes, ownRatios] = [distinct(sizes), distinct(ratios)];
  const has = (mask: number, index: number) => (mask & (1 << index)) !== 0;
  return Uint8Array.from(sizes, (size, base) =>
    has(filter.sizes, ownSizes.indexOf(size)) && has(filter.ratios, ownRatios.indexOf(ratios[base])) ? 1 : 0,
  );
}
