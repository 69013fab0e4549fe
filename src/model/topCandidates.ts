const { fround, exp } = Math;

/** Terms of one level chosen as detection candidates, by descending score, ties by ascending term. */
export interface Candidates {
  /** anchor * classes + column, counted from the level's first anchor. */
  readonly terms: Int32Array;
  /** Sigmoid of the logits, float32. */
  readonly scores: Float32Array;
}

/**
 * The `limit` best of the terms whose score is above `threshold`, as `torch.topk` over the flattened scores.
 * torch leaves open which of equal scores it takes; here the earlier term comes first. Memory does not grow with
 * the number of terms above the threshold.
 *
 * @param logits row-major [anchors, classes] of one level
 * @param threshold score in [0, 1); compared in float32 as torch does
 * @param largest per anchor its largest logit
 */
export function topCandidates(
  logits: Float32Array,
  threshold: number,
  limit: number,
  largest: Float32Array = logits,
): Candidates {
  const least = fround(threshold);
  // Slightly below the exact logit: rounding is settled by comparing scores. Spares most terms the exponential.
  let floor = least > 0 ? Math.log(least / (1 - least)) - 1e-3 : -Infinity;
  let floorScore = least;
  const capacity = Math.min(logits.length, Math.max(limit * 4, 4096));
  const terms = new Int32Array(capacity);
  const scores = new Float32Array(capacity);
  let count = 0;
  const next = (from: number): number => nextAbove(logits, largest, from, floor);
  for (let term = next(0); term < logits.length; term = next(term + 1)) {
    const score = fround(1 / (1 + exp(-logits[term])));
    if (!(score > floorScore)) continue;
    if (count === capacity) {
      // Keep the best so far; what comes later has to be better than the worst of them, ties go to the earlier.
      selectBest(terms, scores, count, limit);
      count = limit;
      const worst = worstOf(scores, limit);
      floorScore = scores[worst];
      floor = Math.max(floor, logits[terms[worst]]);
      if (!(score > floorScore)) continue;
    }
    terms[count] = term;
    scores[count++] = score;
  }
  if (count > limit) {
    selectBest(terms, scores, count, limit);
    count = limit;
  }
  const order = Int32Array.from({ length: count }, (_, i) => i);
  order.sort((a, b) => scores[b] - scores[a] || terms[a] - terms[b]);
  return { terms: order.map(i => terms[i]), scores: Float32Array.from(order, i => scores[i]) };
}

/** Index of the first logit above `floor` from `from` on, the length if there is none. */
function nextAbove(logits: Float32Array, largest: Float32Array, from: number, floor: number): number {
  const width = logits.length / largest.length;
  for (let i = from, row = Math.floor(from / width); row < largest.length; i = ++row * width) {
    // Nearly all rows are below.
    if (!(largest[row] > floor)) continue;
    for (const end = (row + 1) * width; i < end; i++) if (logits[i] > floor) return i;
  }
  return logits.length;
}

/** Moves the `limit` best of the first `count` entries to the front, in no order (quickselect). */
function selectBest(terms: Int32Array, scores: Float32Array, count: number, limit: number): void {
  const better = (score: number, term: number, otherScore: number, otherTerm: number) =>
    score > otherScore || (score === otherScore && term < otherTerm);
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const score = scores[middle];
    const term = terms[middle];
    let i = low;
    let j = high;
    while (i <= j) {
      while (better(scores[i], terms[i], score, term)) i++;
      while (better(score, term, scores[j], terms[j])) j--;
      if (i > j) break;
      [scores[i], scores[j]] = [scores[j], scores[i]];
      [terms[i], terms[j]] = [terms[j], terms[i]];
      i++;
      j--;
    }
    if (limit <= j + 1) high = j;
    else if (limit > i) low = i;
    else return;
  }
}

function worstOf(scores: Float32Array, count: number): number {
  let worst = 0;
  for (let i = 1; i < count; i++) if (scores[i] < scores[worst]) worst = i;
  return worst;
}
