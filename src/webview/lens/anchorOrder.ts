import type { AnchorColumns } from '../../protocol/anchorColumns';
import type { Metric } from './metrics';

export const anchorKeys = ['place', 'state', 'iou', 'pt', 'crossEntropy', 'focal'] as const;
export type AnchorKey = (typeof anchorKeys)[number];

export interface AnchorOrder {
  readonly key: AnchorKey;
  readonly descending: boolean;
}

export const hardestFirst: AnchorOrder = { key: 'focal', descending: true };

/** What the anchors of a place are ordered by. */
export type OrderMetric = Exclude<Metric, 'state'>;

/** The value that is shown; states are no order, so behind them the focal loss decides. */
export function orderMetric(shown: Metric): OrderMetric {
  return shown === 'state' ? 'focal' : shown;
}

/** Anchors that a sort key has room for: beside the 32 bits of a value, in the 53 of a double's integers. */
const maxAnchors = 2 ** 21;

/**
 * All anchors in the order asked for; equal ones by index, and those without a value (no p_t) last either way. `place`
 * is the order of the columns: level, y, x, base anchor.
 *
 * Value and index become one number each, so that a typed array's own sort, which calls nobody back, does the work.
 * Throws RangeError for more than 2,097,152 anchors.
 */
export function orderedAnchors(columns: AnchorColumns, { key, descending }: AnchorOrder): Uint32Array {
  const count = columns.state.length;
  if (count > maxAnchors) throw new RangeError(`${count} anchors are more than can be sorted`);
  const anchors = new Uint32Array(count);
  if (key === 'place') {
    for (let i = 0; i < count; i++) anchors[i] = descending ? count - 1 - i : i;
    return anchors;
  }
  const values = Float32Array.from(columns[key]);
  const bits = new Uint32Array(values.buffer);
  const keys = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    // The bits of floats sort as floats once the sign is turned over, and with it those of negative ones.
    const rising = values[i] < 0 ? ~bits[i] >>> 0 : (bits[i] | 0x80000000) >>> 0;
    const rank = Number.isNaN(values[i]) ? 0xffffffff : descending ? 0xffffffff - rising : rising;
    keys[i] = rank * maxAnchors + i;
  }
  keys.sort();
  for (let i = 0; i < count; i++) anchors[i] = keys[i] % maxAnchors;
  return anchors;
}

/** Those of `anchors` that pass, in the same order. */
export function keptAnchors(anchors: Uint32Array, passing: Uint8Array | undefined): Uint32Array {
  if (passing === undefined) return anchors;
  const kept = new Uint32Array(anchors.length);
  let count = 0;
  for (const anchor of anchors) if (passing[anchor] === 1) kept[count++] = anchor;
  return kept.slice(0, count);
}
