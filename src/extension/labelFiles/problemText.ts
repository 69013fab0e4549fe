import { iou, toCorners, type XywhBox } from '../../common/boxes';
import type { LabelIssue, LabelSummary } from '../../protocol/analysis';
import type { ImageFacts } from './labelFacts';
import { plainText } from './markdownText';
import { issueName } from './markText';
import { unitText } from './numbers';
import type { Translate } from './translate';

const maxMessage = 1000;
/** From this score on a suspicion is a warning. */
const warningScore = 0.8;

/** How a suspicion stands in the Problems panel. */
export interface ProblemText {
  readonly message: string;
  readonly severity: 'warning' | 'information';
  /** Which part of the label it is about. */
  readonly part: 'category' | 'box' | 'whole';
}

/** Never an error: a suspicion needs a person. Only what is certain to be wrong, and what is very likely, is a warning. */
export function problemText(issue: LabelIssue, t: Translate): ProblemText {
  const about = issue.category === null ? '' : `${plainText(issue.category)}: `;
  return {
    message: `${about}${issueName(issue.kind, t)} (${unitText(issue.score)}) ${plainText(issue.evidence, maxMessage)}`,
    severity: issue.kind !== 'uncovered' && issue.score >= warningScore ? 'warning' : 'information',
    part: partOf(issue),
  };
}

function partOf({ kind }: LabelIssue): ProblemText['part'] {
  switch (kind) {
    case 'wrongClass':
      return 'category';
    case 'badBox':
    case 'degenerate':
    case 'uncovered':
      return 'box';
    case 'missing':
    case 'spurious':
    case 'duplicate':
      return 'whole';
  }
}

/** The other label that a suspicion is about: that of a duplicate which overlaps most. */
export function relatedLabel(issue: LabelIssue, image: ImageFacts): LabelSummary | undefined {
  if (issue.kind !== 'duplicate') return undefined;
  const others = image.labels.filter(label => label.id !== issue.labelId);
  return mostOverlapping(issue.bbox, others)?.item;
}

/** The detection that a suspicion rests on: of the class and at the place that it suggests. */
export function relatedDetection(issue: LabelIssue, image: ImageFacts) {
  if (!['missing', 'wrongClass', 'badBox'].includes(issue.kind)) return undefined;
  const category = issue.suggestedCategory ?? issue.category;
  const detections = image.detections.flatMap(({ bbox, category: own, score }) =>
    bbox === undefined || own === undefined || (category !== null && own !== category)
      ? []
      : [{ bbox, category: own, score }],
  );
  const best = mostOverlapping(issue.suggestedBbox ?? issue.bbox, detections);
  return best === undefined || best.overlap < 0.3 ? undefined : best.item;
}

function mostOverlapping<T extends { readonly bbox: XywhBox }>(bbox: XywhBox, items: readonly T[]) {
  let best: { item: T; overlap: number } | undefined;
  for (const item of items) {
    const overlap = iou(toCorners(bbox), toCorners(item.bbox));
    if (overlap > (best?.overlap ?? 0)) best = { item, overlap };
  }
  return best;
}
