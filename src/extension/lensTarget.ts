import type { XywhBox } from '../common/boxes';
import type { LabelSummary } from '../protocol/analysis';

/** What of an image a lens is to show. */
export interface LensTarget {
  /** Index of a label; -1 where there is none, or no longer. */
  readonly find?: (labels: readonly LabelSummary[]) => number;
  /** A place, where there is no such label. */
  readonly bbox?: XywhBox;
}

/** What a page is told to show of an analysis: one of them, or nothing. */
export function wantedOf(
  { find, bbox }: LensTarget,
  labels: readonly LabelSummary[],
): { readonly label?: number; readonly focus?: XywhBox } {
  const label = find?.(labels) ?? -1;
  if (label >= 0) return { label };
  return bbox === undefined ? {} : { focus: bbox };
}
