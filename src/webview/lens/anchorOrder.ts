import type { AnchorColumns } from '../../protocol/anchorColumns';

export const anchorKeys = ['place', 'state', 'iou', 'pt', 'crossEntropy', 'focal'] as const;
export type AnchorKey = (typeof anchorKeys)[number];

export interface AnchorOrder {
  readonly key: AnchorKey;
  readonly descending: boolean;
}

export const hardestFirst: AnchorOrder = { key: 'focal', descending: true };

/**
 * The anchors that pass, in the order asked for; equal ones by index, and those without a value (no p_t) last either
 * way. `place` is the order of the columns: level, y, x, base anchor.
 */
export function orderedAnchors(
  columns: AnchorColumns,
  passing: Uint8Array | undefined,
  { key, descending }: AnchorOrder,
): Uint32Array {
  const anchors = passingIndices(columns.state.length, passing);
  if (key === 'place') return descending ? anchors.reverse() : anchors;
  const values = columns[key];
  const missing = anchors.filter(anchor => Number.isNaN(values[anchor]));
  const present = missing.length === 0 ? anchors : anchors.filter(anchor => !Number.isNaN(values[anchor]));
  const sign = descending ? -1 : 1;
  present.sort((a, b) => sign * (values[a] - values[b]) || a - b);
  if (missing.length === 0) return present;
  const all = new Uint32Array(anchors.length);
  all.set(present);
  all.set(missing, present.length);
  return all;
}

function passingIndices(total: number, passing: Uint8Array | undefined): Uint32Array {
  const indices = new Uint32Array(total);
  let count = 0;
  for (let anchor = 0; anchor < total; anchor++) {
    if (passing === undefined || passing[anchor] === 1) indices[count++] = anchor;
  }
  return indices.slice(0, count);
}
