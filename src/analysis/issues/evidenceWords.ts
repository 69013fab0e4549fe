import type { Label } from '../../dataset/labels';
import { sigmoid } from '../focalLoss';
import { counted, quoted, rounded } from '../wording';
import type { LabelEvidence } from './labelEvidence';
import type { ObjectEvidence } from './objectEvidence';
import type { PictureContext } from './pictureContext';
import type { SeenObjects } from './seenObjects';

/** A sentence or two a suspicion: what the anchors say, in numbers, and what the label says. */

export function missing(
  { object, probability, votes, agreement, labelIou }: ObjectEvidence,
  { peers, labelledPeers }: PictureContext,
  category: string,
): string {
  const near = labelIou > 0 ? `the nearest label has an IoU of ${rounded(labelIou)} with it` : 'no label touches it';
  const seen = votes === 1 ? 'One anchor sees' : `${votes} anchors agree on`;
  const how = votes === 1 ? '' : `, their boxes with a mean IoU of ${rounded(agreement)}`;
  const compared =
    peers[object] === 0
      ? ''
      : ` Of ${counted(peers[object], 'other object')} seen about as surely, ${labelledPeers[object]} ${labelledPeers[object] === 1 ? 'has' : 'have'} a label.`;
  return `${seen} ${quoted(category)} here with a probability of ${upTo(probability, votes)}${how}; ${near}.${compared}`;
}

export function spurious(row: LabelEvidence, category: string): string {
  const { foreground, ownLogit, ownProbability, object, objectIou } = row;
  const anchors =
    foreground === 0
      ? 'No anchor is matched to the label'
      : `The label's ${counted(foreground, 'anchor')} ${foreground === 1 ? 'gives' : 'give'} ${quoted(category)} a probability of ${chance(sigmoid(ownLogit))}`;
  const place =
    ownProbability > 0
      ? `the anchors that place a box here give it ${atMost(ownProbability)}`
      : 'no anchor places a box here';
  const seen = object < 0 ? 'no object is seen' : `the nearest object seen has an IoU of ${rounded(objectIou)}`;
  return `${anchors}, ${place}, and ${seen}.`;
}

export function wrongClass(row: LabelEvidence, category: string, other: string): string {
  const { foreground, ownLogit, otherLogit, ownProbability, otherProbability } = row;
  const means =
    foreground === 0
      ? ''
      : ` (mean of the label's ${counted(foreground, 'anchor')}: ${chance(sigmoid(otherLogit))} against ${chance(sigmoid(ownLogit))})`;
  return (
    `The anchors that place a box here see ${quoted(other)} with a probability of ${upTo(otherProbability, 2)} ` +
    `and ${quoted(category)} with ${atMost(ownProbability)}${means}.`
  );
}

export function badBox({ object, objectIou }: LabelEvidence, objects: SeenObjects, category: string): string {
  const votes = objects.votes[object];
  const seen = votes === 1 ? 'One anchor sees' : `${votes} anchors agree on`;
  const agreement = votes === 1 ? '' : ` (mean IoU ${rounded(objects.agreement[object])})`;
  return (
    `${seen} a box${agreement}, probability ${upTo(objects.probabilities[object], votes)}, ` +
    `that has an IoU of only ${rounded(objectIou)} with this label of ${quoted(category)}.`
  );
}

export function duplicate({ twinIou, objectIou, object }: LabelEvidence, twin: Pick<Label, 'id' | 'category'>): string {
  const seen =
    object < 0
      ? 'the anchors see no second object'
      : `it fits the object seen here with an IoU of ${rounded(objectIou)}`;
  return `It overlaps label ${quoted(twin.id)}, also ${quoted(twin.category)}, with an IoU of ${rounded(twinIou)}; ${seen}.`;
}

function upTo(probability: number, votes: number): string {
  return votes === 1 || probability > 0.99 ? chance(probability) : `up to ${chance(probability)}`;
}

function atMost(probability: number): string {
  return probability < 0.01 ? chance(probability) : `at most ${chance(probability)}`;
}

/** A probability with two places; its ends in words, since 0 and 1 would claim too much. */
function chance(probability: number): string {
  if (probability < 0.01) return 'below 0.01';
  return probability > 0.99 ? 'over 0.99' : rounded(probability);
}
