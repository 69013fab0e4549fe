import type { AnchorVotes } from './anchorVotes';
import { areaOf, overlap } from './boxOverlap';

/**
 * Objects the model sees: groups of anchors whose decoded boxes agree, whatever their classes. By descending
 * probability of the strongest anchor.
 */
export interface SeenObjects {
  readonly count: number;
  /** x1, y1, x2, y2 per object, original image pixels: mean of its anchors' boxes weighted by probability. */
  readonly boxes: Float64Array;
  /** Class column of its strongest anchor, that anchor's probability and the anchor. */
  readonly columns: Int32Array;
  readonly probabilities: Float64Array;
  readonly anchors: Int32Array;
  /** Anchors of the group, and the sum of their probabilities. */
  readonly votes: Int32Array;
  readonly weights: Float64Array;
  /** Mean IoU of the group's boxes with the object's box, weighted by probability: how well the anchors agree. */
  readonly agreement: Float64Array;
  /** Per vote the object it belongs to; -1 for votes that came after `maxObjects`. */
  readonly objectOf: Int32Array;
}

/** Decoded boxes from this IoU on speak of one object, as in torchvision's non-maximum suppression. */
export const sameObjectIou = 0.5;
/** As many as torchvision's detections per image. */
const maxObjects = 300;

/**
 * Groups votes as class-agnostic non-maximum suppression does, but keeps what is suppressed: each vote joins the
 * object whose strongest box it overlaps most, or starts one. Boxes of a group are fused as in weighted boxes fusion
 * (arXiv 1910.13302).
 */
export function seenObjects(votes: AnchorVotes): SeenObjects {
  const seeds: number[] = [];
  // Of the seeds, one after the other.
  const boxes = new Float32Array(maxObjects * 4);
  const objectOf = new Int32Array(votes.count).fill(-1);
  for (let vote = 0; vote < votes.count; vote++) {
    if (areaOf(votes.boxes, vote * 4) === 0) continue;
    let joined = bestOverlap(votes.boxes, vote * 4, boxes, seeds.length);
    if (joined < 0 && seeds.length < maxObjects) {
      boxes.set(votes.boxes.subarray(vote * 4, vote * 4 + 4), seeds.length * 4);
      joined = seeds.push(vote) - 1;
    }
    objectOf[vote] = joined;
  }
  return { ...fuse(votes, objectOf, seeds.length), ...strongest(votes, seeds), count: seeds.length, objectOf };
}

/** The first `count` boxes' index of the one that the box at `at` overlaps most, by {@link sameObjectIou}; -1 for none. */
function bestOverlap(box: Float32Array, at: number, boxes: Float32Array, count: number): number {
  const x1 = box[at];
  const y1 = box[at + 1];
  const x2 = box[at + 2];
  const y2 = box[at + 3];
  let found = -1;
  let best = 0;
  for (let i = 0; i < count * 4; i += 4) {
    // Nearly all are apart.
    if (boxes[i] >= x2 || boxes[i + 2] <= x1 || boxes[i + 1] >= y2 || boxes[i + 3] <= y1) continue;
    const value = overlap(box, at, boxes, i);
    if (value >= sameObjectIou && value > best) {
      best = value;
      found = i / 4;
    }
  }
  return found;
}

function strongest(
  votes: AnchorVotes,
  seeds: readonly number[],
): Pick<SeenObjects, 'columns' | 'probabilities' | 'anchors'> {
  return {
    columns: Int32Array.from(seeds, vote => votes.columns[vote]),
    probabilities: Float64Array.from(seeds, vote => votes.probabilities[vote]),
    anchors: Int32Array.from(seeds, vote => votes.anchors[vote]),
  };
}

function fuse(
  votes: AnchorVotes,
  objectOf: Int32Array,
  count: number,
): Pick<SeenObjects, 'boxes' | 'votes' | 'weights' | 'agreement'> {
  const boxes = new Float64Array(count * 4);
  const members = new Int32Array(count);
  const weights = new Float64Array(count);
  for (let vote = 0; vote < votes.count; vote++) {
    const object = objectOf[vote];
    if (object < 0) continue;
    const weight = votes.probabilities[vote];
    members[object]++;
    weights[object] += weight;
    for (let i = 0; i < 4; i++) boxes[object * 4 + i] += weight * votes.boxes[vote * 4 + i];
  }
  for (let i = 0; i < boxes.length; i++) boxes[i] /= weights[i >> 2];
  const agreement = new Float64Array(count);
  for (let vote = 0; vote < votes.count; vote++) {
    const object = objectOf[vote];
    if (object < 0) continue;
    agreement[object] +=
      (votes.probabilities[vote] / weights[object]) * overlap(votes.boxes, vote * 4, boxes, object * 4);
  }
  return { boxes, votes: members, weights, agreement };
}
