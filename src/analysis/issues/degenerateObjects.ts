import { iou, toCorners, type XywhBox } from '../../common/boxes';
import type { LabelIssue } from '../../protocol/analysis';
import { sameObjectIou } from './seenObjects';

/**
 * A degenerate label and the object without label that it was meant for have one cause and become one issue: the
 * label's, with the object's evidence, and its box for a fix where corners in order are none.
 *
 * @param certain issues, among them those of degenerate labels
 * @returns both lists in one; an object goes to one label at most
 */
export function joinDegenerate(
  certain: readonly LabelIssue[],
  suspected: readonly LabelIssue[],
): readonly LabelIssue[] {
  const left = new Set(suspected);
  const joined = certain.map(issue => {
    if (issue.kind !== 'degenerate') return issue;
    let object: LabelIssue | undefined;
    let best = sameObjectIou;
    for (const candidate of left) {
      if (candidate.kind !== 'missing' || candidate.suggestedCategory !== issue.category) continue;
      const value = agreement(issue.bbox, candidate.bbox);
      if (value < best || (object !== undefined && value === best)) continue;
      best = value;
      object = candidate;
    }
    if (object === undefined) return issue;
    left.delete(object);
    const suggestedBbox = issue.suggestedBbox ?? object.suggestedBbox;
    return { ...issue, suggestedBbox, evidence: `${issue.evidence} ${object.evidence}` };
  });
  return [...joined, ...left];
}

/** Pixels below which a side says nothing. */
const lostSide = 1;
/** How far outside the object a lost side may lie, as a share of the object's side: boxes seen are not exact. */
const tolerance = 0.25;

/**
 * IoU of a box without area and an object's: of the boxes once its corners are in order, or, where a side is lost, of
 * their extents along the other one, if the side lies at the object; 0 where both are lost.
 */
function agreement(label: XywhBox, object: XywhBox): number {
  const [[x1, x2], [y1, y2]] = [ordered(label[0], label[2]), ordered(label[1], label[3])];
  const [left, top, right, bottom] = toCorners(object);
  const lostWidth = x2 - x1 < lostSide;
  const lostHeight = y2 - y1 < lostSide;
  if (lostWidth && lostHeight) return 0;
  if (lostWidth) return isAt(x1, left, right) ? extentIou(y1, y2, top, bottom) : 0;
  if (lostHeight) return isAt(y1, top, bottom) ? extentIou(x1, x2, left, right) : 0;
  return iou([x1, y1, x2, y2], [left, top, right, bottom]);
}

function ordered(start: number, length: number): readonly [number, number] {
  return [Math.min(start, start + length), Math.max(start, start + length)];
}

function isAt(value: number, start: number, end: number): boolean {
  const margin = tolerance * (end - start);
  return value >= start - margin && value <= end + margin;
}

function extentIou(a1: number, a2: number, b1: number, b2: number): number {
  const shared = Math.min(a2, b2) - Math.max(a1, b1);
  return shared > 0 ? shared / (Math.max(a2, b2) - Math.min(a1, b1)) : 0;
}
