import { iou, toXywh, type CornerBox } from '../common/boxes';
import type { Label } from '../dataset/labels';
import type { LabelIssue, LabelSummary, MatchingInfo } from '../protocol/analysis';
import { concentricIou, nearestByFactor, type AnchorShapes } from './coverage';
import { degeneracy } from './labelTargets';
import { finiteXywh } from './labelSummaries';
import { quoted, rounded } from './wording';

/** What the sentences about uncovered labels tell besides the summaries. */
export interface IssueContext {
  /** x1, y1, x2, y2 per label in network input pixels. */
  readonly boxes: Float32Array;
  readonly shapes: AnchorShapes;
  readonly matching: MatchingInfo;
  /** Per anchor: index of its label, see `AnchorColumns.label`. */
  readonly anchorLabels: Int32Array;
}

export interface CertainIssue {
  readonly issue: LabelIssue;
  /** Id of the label that holds the anchors of an uncovered one; undefined where none does. */
  readonly contestedBy: string | undefined;
}

/**
 * The issues that need no tuning: `degenerate` (score 1) and `uncovered`, no anchor is matched to the label. The latter
 * scores 1 outside the image, the overlap with the other label when contested, and otherwise what the best IoU lacks of
 * the foreground threshold, as a share of it.
 *
 * @param labels and their summaries, in the same order
 */
export function labelIssues(
  labels: readonly Label[],
  summaries: readonly LabelSummary[],
  context: IssueContext,
): readonly CertainIssue[] {
  return labels.flatMap((label, i): CertainIssue[] => {
    const summary = summaries[i];
    const issue = { labelId: label.id, bbox: summary.bbox, category: label.category, suggestedCategory: null };
    const box = context.boxes.subarray(i * 4, i * 4 + 4);
    const written = degeneracy(label.box);
    const fault = written ?? degeneracy(box);
    if (fault !== undefined) {
      const where = written === undefined ? ' at the size of the network input' : '';
      const evidence = `The box is degenerate: ${fault}${where}. It takes no part in the loss.`;
      const suggestedBbox = swappedCorners(label.box);
      return [{ issue: { ...issue, kind: 'degenerate', score: 1, suggestedBbox, evidence }, contestedBy: undefined }];
    }
    if (summary.uncovered === 'none') return [];
    const owner = summary.bestAnchor < 0 ? -1 : context.anchorLabels[summary.bestAnchor];
    const holder = owner < 0 ? undefined : labels[owner];
    const overlap = holder === undefined ? 0 : iou(label.box, holder.box);
    const score = uncoveredScore(summary, overlap, context.matching.foreground);
    const evidence = uncoveredEvidence(summary, box, context, overlap, holder);
    return [{ issue: { ...issue, kind: 'uncovered', score, suggestedBbox: null, evidence }, contestedBy: holder?.id }];
  });
}

/** The box with its corners in order, where that makes it a proper one. */
function swappedCorners([x1, y1, x2, y2]: CornerBox): LabelIssue['suggestedBbox'] {
  const box: CornerBox = [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
  const isSwapped = (x2 < x1 || y2 < y1) && degeneracy(box) === undefined;
  return isSwapped ? finiteXywh(box) : null;
}

function uncoveredScore({ uncovered, bestIou }: LabelSummary, overlap: number, fgIou: number): number {
  if (uncovered === 'outside') return 1;
  if (uncovered === 'contested') return overlap;
  return fgIou > 0 ? Math.max(0, 1 - bestIou / fgIou) : 0;
}

/** One sentence: what the label measures, what the anchors offer, and how far the two are apart. */
function uncoveredEvidence(
  { uncovered, bestIou }: LabelSummary,
  box: Float32Array,
  { shapes, matching }: IssueContext,
  overlap: number,
  owner: Label | undefined,
): string {
  const [, , width, height] = toXywh([box[0], box[1], box[2], box[3]]);
  const measures = `${rounded(width, 1)} x ${rounded(height, 1)} px in the network input`;
  const best = `the best IoU of any anchor is ${rounded(bestIou)}, foreground begins at ${rounded(matching.foreground)}`;
  const size = rounded(Math.sqrt(width * height), 1);
  const ratio = rounded(height / width);
  const reason = ((): string => {
    switch (uncovered) {
      case 'none':
        return 'an anchor is matched';
      case 'outside':
        return `the box, ${measures}, lies outside the image`;
      case 'tooSmall':
      case 'tooLarge': {
        const bound = uncovered === 'tooSmall' ? 'smaller' : 'larger';
        const nearest = rounded(nearestByFactor(Math.sqrt(width * height), shapes.sizes), 0);
        const sizes = `the nearest of the anchors' sizes (${range(shapes.sizes, 0)})`;
        return `the box, ${measures}, has size ${size}, too much ${bound} than ${nearest}, ${sizes}; ${best}`;
      }
      case 'aspectRatio':
        return `the box, ${measures}, is ${ratio} times as high as wide, too far from the anchors' ${range(shapes.ratios, 2)}; ${best}`;
      case 'position':
        return (
          `the box, ${measures}, lies between the anchors' positions: one centered on it would reach an IoU of ` +
          `${rounded(concentricIou(width, height, shapes))}, but ${best}`
        );
      case 'contested': {
        const other = owner === undefined ? 'another label' : `label ${quoted(owner.id)} (${quoted(owner.category)})`;
        return `its anchors overlap ${other} at least as much, whose IoU with it is ${rounded(overlap)}; ${best}`;
      }
    }
  })();
  return `No anchor is matched: ${reason}.`;
}

function range(values: readonly number[], decimals: number): string {
  return `${rounded(Math.min(...values), decimals)} to ${rounded(Math.max(...values), decimals)}`;
}
