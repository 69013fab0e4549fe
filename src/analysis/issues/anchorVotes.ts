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
/** The same as a logit. */
export const votingLogit = Math.log(votingProbability / (1 - votingProbability));

/** More votes than this add nothing but time: a well-trained model has a few hundred. */
const maxVotes = 2000;

const binsPerUnit = 16;

type VotingColumns = Pick<AnchorColumns, 'state' | 'worstClass' | 'worstLogit' | 'targetLogit' | 'decoded'>;

/**
 * Finds the anchors whose best class reaches {@link votingProbability}, at most 2000 of them, the most probable ones.
 *
 * @param logits row-major [anchors, classes], finite; looked at only where the worst class is a placeholder
 * @param targets class column per foreground anchor, see `targetColumns`
 */
export function anchorVotes(
  logits: Float32Array,
  classes: readonly string[],
  columns: VotingColumns,
  targets: Int32Array,
): AnchorVotes {
  const { state, worstClass, worstLogit, targetLogit, decoded } = columns;
  const usable = Uint8Array.from(classes, name => (isPlaceholder(name) ? 0 : 1));
  const floor = votingLogit;
  const { foreground } = anchorState;

  let reaching = 0;
  for (let anchor = 0; anchor < state.length; anchor++) {
    if (worstLogit[anchor] >= floor || state[anchor] === foreground) reaching++;
  }
  const anchors = new Int32Array(reaching);
  const best = new Int32Array(reaching);
  const strengths = new Float32Array(reaching);
  let count = 0;
  for (let anchor = 0; anchor < state.length; anchor++) {
    const isForeground = state[anchor] === foreground;
    if (!(worstLogit[anchor] >= floor || isForeground)) continue;
    let column = worstClass[anchor];
    let strength = worstLogit[anchor];
    if (usable[column] === 0) {
      column = largestUsable(logits, anchor * classes.length, usable);
      strength = column < 0 ? -Infinity : logits[anchor * classes.length + column];
    }
    if (isForeground && targetLogit[anchor] >= strength) {
      column = targets[anchor];
      strength = targetLogit[anchor];
    }
    if (!(strength >= floor)) continue;
    anchors[count] = anchor;
    best[count] = column;
    strengths[count++] = strength;
  }

  const order = strongestFirst(strengths.subarray(0, count), floor);
  const boxes = new Float32Array(order.length * 4);
  for (let vote = 0; vote < order.length; vote++) {
    const at = anchors[order[vote]] * 4;
    for (let i = 0; i < 4; i++) boxes[vote * 4 + i] = decoded[at + i];
  }
  return {
    count: order.length,
    anchors: order.map(i => anchors[i]),
    columns: order.map(i => best[i]),
    probabilities: Float64Array.from(order, i => sigmoid(strengths[i])),
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

/** Positions of the `maxVotes` largest strengths, descending, ties by position; a histogram spares sorting them all. */
function strongestFirst(strengths: Float32Array, floor: number): Int32Array {
  const bins = new Int32Array(40 * binsPerUnit);
  const binOf = (strength: number): number => Math.min(bins.length - 1, Math.floor((strength - floor) * binsPerUnit));
  for (const strength of strengths) bins[binOf(strength)]++;
  let lowest = bins.length - 1;
  for (let above = bins[lowest]; above < maxVotes && lowest > 0; above += bins[lowest]) lowest--;

  const kept: number[] = [];
  for (let i = 0; i < strengths.length; i++) if (binOf(strengths[i]) >= lowest) kept.push(i);
  return Int32Array.from(kept)
    .sort((a, b) => strengths[b] - strengths[a] || a - b)
    .subarray(0, maxVotes);
}
