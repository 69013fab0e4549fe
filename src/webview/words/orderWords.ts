import type { OrderMetric } from '../lens/anchorOrder';
import type { AnchorRecord } from '../lens/anchorRecord';
import { loss, probability } from './format';

/** How the anchors of a place are ordered, in words. */
export const orderWords: Readonly<Record<OrderMetric, OrderWords>> = {
  focal: { first: 'most focal loss', more: 'more focal loss', less: 'less focal loss', by: 'focal loss' },
  crossEntropy: {
    first: 'most cross entropy',
    more: 'more cross entropy',
    less: 'less cross entropy',
    by: 'cross entropy',
  },
  ratio: { first: 'largest FL / CE', more: 'larger FL / CE', less: 'smaller FL / CE', by: 'FL / CE' },
  pt: { first: 'lowest p_t', more: 'lower p_t', less: 'higher p_t', by: 'p_t' },
};

interface OrderWords {
  /** Of the anchor that comes first. */
  readonly first: string;
  /** Of one before another, and of one behind it. */
  readonly more: string;
  readonly less: string;
  readonly by: string;
}

/** `most focal loss of 45 here`, `2 of 45 here by focal loss`. */
export function placeInOrder(index: number, count: number, metric: OrderMetric): string {
  const { first, by } = orderWords[metric];
  return index === 0 ? `${first} of ${count} here` : `${index + 1} of ${count} here by ${by}`;
}

/** The value that an anchor is ordered by, and its short name. */
export function orderValue(
  record: AnchorRecord,
  metric: OrderMetric,
): { readonly name: string; readonly text: string } {
  switch (metric) {
    case 'focal':
      return { name: 'FL', text: loss(record.focal) };
    case 'crossEntropy':
      return { name: 'CE', text: loss(record.crossEntropy) };
    case 'ratio':
      return {
        name: 'FL / CE',
        text: record.crossEntropy > 0 ? loss(record.focal / record.crossEntropy) : 'none',
      };
    case 'pt':
      return { name: 'p_t', text: record.pt === null ? 'none' : probability(record.pt) };
  }
}
