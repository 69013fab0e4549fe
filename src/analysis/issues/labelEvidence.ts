import { anchorState } from '../../protocol/analysis';
import type { AnchorColumns } from '../../protocol/anchorColumns';
import { sigmoid } from '../focalLoss';
import { votingLogit, type AnchorVotes } from './anchorVotes';
import { overlap } from './boxOverlap';
import type { Pairing } from './pairing';
import { sameObjectIou, type SeenObjects } from './seenObjects';

/** What the anchors say about one label. Probabilities and IoUs in [0, 1]. */
export interface LabelEvidence {
  /** Index among the labels as written. */
  readonly label: number;
  /** Foreground anchors of the label, their mean logit of its class and of the largest class besides. */
  readonly foreground: number;
  readonly ownLogit: number;
  readonly otherLogit: number;
  /** Means over the foreground anchors: IoU of the decoded box with the label, and with the mean decoded box. */
  readonly decodedIou: number;
  readonly decodedAgreement: number;
  /** Largest probability of the label's class, and of any other, among anchors that decode to its place. */
  readonly ownProbability: number;
  readonly otherProbability: number;
  /** Class column of the latter, -1 for none. */
  readonly otherColumn: number;
  /** Largest IoU of a voting anchor's decoded box with the label, and largest product of IoU and probability. */
  readonly closestVote: number;
  readonly bestFit: number;
  /** Object paired with the label, -1 for none, and its IoU with the label (0 for none). */
  readonly object: number;
  readonly objectIou: number;
  /** Label of the same class that it overlaps most, -1 for none, and their IoU. */
  readonly twin: number;
  readonly twinIou: number;
}

export interface LabelEvidenceInput {
  /** Row-major [anchors, classes]. */
  readonly logits: Float32Array;
  readonly classes: number;
  readonly columns: Pick<AnchorColumns, 'state' | 'label' | 'worstClass' | 'worstLogit' | 'targetLogit' | 'decoded'>;
  /** x1, y1, x2, y2 per label, original image pixels, clipped to the image. */
  readonly labelBoxes: Float64Array;
  /** Class column per label; negative for labels that take no part. */
  readonly labelColumns: Int32Array;
}

/** Evidence about every label that takes part, in the order the labels are written. */
export function labelEvidence(
  input: LabelEvidenceInput,
  votes: AnchorVotes,
  objects: SeenObjects,
  pairing: Pairing,
): readonly LabelEvidence[] {
  const { labelBoxes, labelColumns } = input;
  const foreground = foregroundByLabel(input);
  const rows: LabelEvidence[] = [];
  for (let label = 0; label < labelColumns.length; label++) {
    if (labelColumns[label] < 0) continue;
    const object = pairing.objectOf[label];
    rows.push({
      label,
      ...foregroundEvidence(input, label, foreground[label]),
      ...placeEvidence(input, label, foreground[label], votes),
      object,
      objectIou: object < 0 ? 0 : overlap(labelBoxes, label * 4, objects.boxes, object * 4),
      ...twinOf(input, label),
    });
  }
  return rows;
}

function foregroundByLabel({ columns, labelColumns }: LabelEvidenceInput): number[][] {
  const anchors = Array.from(labelColumns, (): number[] => []);
  for (let anchor = 0; anchor < columns.state.length; anchor++) {
    if (columns.state[anchor] === anchorState.foreground) anchors[columns.label[anchor]].push(anchor);
  }
  return anchors;
}

type ForegroundEvidence = Pick<
  LabelEvidence,
  'foreground' | 'ownLogit' | 'otherLogit' | 'decodedIou' | 'decodedAgreement'
>;

function foregroundEvidence(
  { columns, labelBoxes }: LabelEvidenceInput,
  label: number,
  anchors: readonly number[],
): ForegroundEvidence {
  const count = anchors.length;
  if (count === 0) {
    // Nothing is known about a label without anchors: as if the model were undecided at its voting threshold.
    return { foreground: 0, ownLogit: votingLogit, otherLogit: votingLogit, decodedIou: 0.5, decodedAgreement: 0.5 };
  }
  const { decoded, worstLogit, targetLogit } = columns;
  const mean = [0, 0, 0, 0];
  let own = 0;
  let other = 0;
  let iou = 0;
  for (const anchor of anchors) {
    own += targetLogit[anchor] / count;
    other += worstLogit[anchor] / count;
    iou += overlap(decoded, anchor * 4, labelBoxes, label * 4) / count;
    for (let i = 0; i < 4; i++) mean[i] += decoded[anchor * 4 + i] / count;
  }
  let agreement = 0;
  for (const anchor of anchors) agreement += overlap(decoded, anchor * 4, mean, 0) / count;
  return { foreground: count, ownLogit: own, otherLogit: other, decodedIou: iou, decodedAgreement: agreement };
}

function placeEvidence(
  { logits, classes, columns, labelBoxes, labelColumns }: LabelEvidenceInput,
  label: number,
  foreground: readonly number[],
  votes: AnchorVotes,
): Pick<LabelEvidence, 'ownProbability' | 'otherProbability' | 'otherColumn' | 'closestVote' | 'bestFit'> {
  const column = labelColumns[label];
  let own = -Infinity;
  let other = -Infinity;
  let otherColumn = -1;
  let closestVote = 0;
  let bestFit = 0;
  const look = (anchor: number, candidate: number, iou: number): void => {
    if (iou < sameObjectIou) return;
    own = Math.max(own, logits[anchor * classes + column]);
    if (candidate === column || !(logits[anchor * classes + candidate] > other)) return;
    other = logits[anchor * classes + candidate];
    otherColumn = candidate;
  };
  const { boxes } = votes;
  const [x1, y1, x2, y2] = labelBoxes.subarray(label * 4, label * 4 + 4);
  for (let vote = 0; vote < votes.count; vote++) {
    const at = vote * 4;
    // Nearly all are apart.
    if (boxes[at] >= x2 || boxes[at + 2] <= x1 || boxes[at + 1] >= y2 || boxes[at + 3] <= y1) continue;
    const iou = overlap(boxes, at, labelBoxes, label * 4);
    closestVote = Math.max(closestVote, iou);
    bestFit = Math.max(bestFit, iou * votes.probabilities[vote]);
    look(votes.anchors[vote], votes.columns[vote], iou);
  }
  for (const anchor of foreground) {
    look(anchor, columns.worstClass[anchor], overlap(columns.decoded, anchor * 4, labelBoxes, label * 4));
  }
  return { ownProbability: sigmoid(own), otherProbability: sigmoid(other), otherColumn, closestVote, bestFit };
}

function twinOf(
  { labelBoxes, labelColumns }: LabelEvidenceInput,
  label: number,
): Pick<LabelEvidence, 'twin' | 'twinIou'> {
  let twin = -1;
  let twinIou = 0;
  for (let other = 0; other < labelColumns.length; other++) {
    if (other === label || labelColumns[other] !== labelColumns[label]) continue;
    const iou = overlap(labelBoxes, label * 4, labelBoxes, other * 4);
    if (iou > twinIou) {
      twin = other;
      twinIou = iou;
    }
  }
  return { twin, twinIou };
}
