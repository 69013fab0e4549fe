import type { AnchorColumns } from '../../protocol/anchorColumns';
import { anchorVotes } from './anchorVotes';
import { labelEvidence, type LabelEvidence } from './labelEvidence';
import { objectEvidence, type ObjectEvidence } from './objectEvidence';
import { pairLabels } from './pairing';
import { pictureContext, type PictureContext } from './pictureContext';
import { seenObjects, type SeenObjects } from './seenObjects';

export interface IssueInput {
  /** Row-major [anchors, classes]. */
  readonly logits: Float32Array;
  readonly classes: readonly string[];
  readonly columns: Pick<AnchorColumns, 'state' | 'label' | 'worstClass' | 'worstLogit' | 'targetLogit' | 'decoded'>;
  /** Class column per foreground anchor, see `targetColumns`. */
  readonly targets: Int32Array;
  /** x1, y1, x2, y2 per label in original image pixels. */
  readonly labelBoxes: Float64Array;
  /** Class column per label; -1 for labels that take no part in the loss. */
  readonly labelColumns: Int32Array;
  /** Per label 1 for a crowd. */
  readonly crowds: Uint8Array;
  readonly image: { readonly width: number; readonly height: number };
}

/** What the anchors say about the labels of one image and about what lacks one. */
export interface IssueEvidence {
  readonly objects: SeenObjects;
  readonly picture: PictureContext;
  readonly labels: readonly LabelEvidence[];
  readonly missing: readonly ObjectEvidence[];
}

export function issueEvidence(input: IssueInput): IssueEvidence {
  const votes = anchorVotes(input.logits, input.classes, input.columns, input.targets);
  const objects = seenObjects(votes);
  const { width, height } = input.image;
  const labelBoxes = input.labelBoxes.map((value, i) => Math.min(Math.max(value, 0), i % 2 === 0 ? width : height));
  const clipped = { ...input, labelBoxes };
  const pairing = pairLabels(labelBoxes, input.labelColumns, objects);
  const missing = objectEvidence(labelBoxes, input.crowds, objects, pairing);
  return {
    objects,
    picture: pictureContext(labelBoxes, objects, pairing, missing),
    labels: labelEvidence({ ...clipped, classes: input.classes.length }, votes, objects, pairing),
    missing,
  };
}
