import { anchorState } from '../../protocol/analysis';
import type { AnchorColumns } from '../../protocol/anchorColumns';
import { isPlaceholder } from '../classMapping';
import { sigmoid } from '../focalLoss';

/** Anchors that see an object, by descending probability of their best class, ties by anchor. */
export interface AnchorVotes {
  readonly count: number;
  readonly anchors: Int32Array;
  /** Largest class column of each anchor, placeholders such as `__background__` left out, and its probability. */
  readonly columns: Int32Array;
  readonly probabilities: Float64Array;
  /** x1, y1, x2, y2 per vote: the anchor's decoded box, original image pixels. */
  readonly boxes: Float32Array;
}

/** An anchor votes from this probability on: torchvision's default score threshold. */
export const votingProbability = 0.05;

/** More votes than this add nothing but time: a well-trained model has a few hundred. */
const maxVotes = 2000;

const binsPerUnit = 16;

/**
 * Finds the anchors whose best class reaches {@link votingProbability}, at most 2000 of them, the most probable ones.
 *
 * @param logits row-major [anchors, classes], finite
 * @param losses state and worst class per anchor, with which only one or two logits per anchor have to be looked at
 * @param targets class column per foreground anchor, see `targetColumns`
 */
export function anchorVotes(
  logits: Float32Array,
  classes: readonly string[],
  { state, worstClass, decoded }: Pick<AnchorColumns, 'state' | 'worstClass' | 'decoded'>,
  targets: Int32Array,
): AnchorVotes {
  const width = classes.length;
  const usable = Uint8Array.from(classes, name => (isPlaceholder(name) ? 0 : 1));
  const floor = Math.log(votingProbability / (1 - votingProbability));

  const bestColumn = (anchor: number): number => {
    const worst = worstClass[anchor];
    const from = anchor * width;
    const best = usable[worst] === 1 ? worst : largestUsable(logits, from, usable);
    const target = state[anchor] === anchorState.foreground ? targets[anchor] : -1;
    return target >= 0 && !(best >= 0 && logits[from + best] > logits[from + target]) ? target : best;
  };

  // Columns beyond the worst class and the target are smaller: only those two can reach the floor.
  const found: number[] = [];
  for (let anchor = 0; anchor < state.length; anchor++) {
    const from = anchor * width;
    const foreground = state[anchor] === anchorState.foreground && logits[from + targets[anchor]] >= floor;
    if (!foreground && !(logits[from + worstClass[anchor]] >= floor)) continue;
    const column = bestColumn(anchor);
    if (column >= 0 && logits[from + column] >= floor) found.push(anchor);
  }
  const logitOf = (anchor: number): number => logits[anchor * width + bestColumn(anchor)];
  const kept = found.length > maxVotes ? mostProbable(found, logitOf, floor) : found;
  const sorted = kept
    .map(anchor => ({ anchor, logit: logitOf(anchor) }))
    .sort((a, b) => b.logit - a.logit || a.anchor - b.anchor)
    .slice(0, maxVotes);
  const boxes = new Float32Array(sorted.length * 4);
  sorted.forEach(({ anchor }, i) => boxes.set(decoded.subarray(anchor * 4, anchor * 4 + 4), i * 4));
  return {
    count: sorted.length,
    anchors: Int32Array.from(sorted, vote => vote.anchor),
    columns: Int32Array.from(sorted, vote => bestColumn(vote.anchor)),
    probabilities: Float64Array.from(sorted, vote => sigmoid(vote.logit)),
    boxes,
  };
}

/** Column with the largest logit among the usable ones, the first on ties; -1 without any. */
function largestUsable(logits: Float32Array, from: number, usable: Uint8Array): number {
  let best = -1;
  for (let column = 0; column < usable.length; column++) {
    if (usable[column] === 1 && (best < 0 || logits[from + column] > logits[from + best])) best = column;
  }
  return best;
}

/** At least `maxVotes` of the anchors, the most probable ones, found by a histogram instead of sorting them all. */
function mostProbable(anchors: readonly number[], logitOf: (anchor: number) => number, floor: number): number[] {
  const bins = new Int32Array(40 * binsPerUnit);
  const binOf = (logit: number): number =>
    Math.min(bins.length - 1, Math.max(0, Math.floor((logit - floor) * binsPerUnit)));
  const binned = Int32Array.from(anchors, anchor => binOf(logitOf(anchor)));
  for (const bin of binned) bins[bin]++;
  let bin = bins.length - 1;
  let above = bins[bin];
  while (above < maxVotes && bin > 0) above += bins[--bin];
  return anchors.filter((_, i) => binned[i] >= bin);
}
