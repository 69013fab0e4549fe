import type { IssueKind, UncoveredReason } from '../../protocol/analysis';
import type { GalleryItem, GalleryListName } from '../../protocol/gallery';
import type { GalleryRow, GallerySection } from '../../protocol/galleryStore';
import { count, counted, fileName, loss, probability, unit } from '../words/format';

export const sourceNames: Readonly<Record<GalleryListName, string>> = {
  issues: 'Suspected label errors',
  confirmed: 'Confirmed label errors',
  labels: 'Labels by loss',
  uncovered: 'Labels no anchor covers',
  places: 'Hardest background',
};

/** As the loss explorer calls them. */
export const kindNames: Readonly<Record<IssueKind, string>> = {
  missing: 'Missing label',
  spurious: 'Nothing there',
  wrongClass: 'Wrong class',
  badBox: 'Badly placed box',
  duplicate: 'Duplicate',
  degenerate: 'Degenerate box',
  uncovered: 'No anchor matches',
};

export function sectionName({ kind, category }: GallerySection): string {
  if (kind !== undefined) return kindNames[kind];
  return category === undefined ? '' : category === '' ? '(no class)' : category;
}

/** What the tile is about: `boat`, and `ship` where another class is suggested. */
export function classesOf({ type, row }: GalleryRow): { readonly from: string; readonly to: string | undefined } {
  if (type !== 'issue') return { from: row.category, to: undefined };
  const { category, suggestedCategory } = row;
  if (category === null) return { from: suggestedCategory ?? 'object', to: undefined };
  return {
    from: category,
    to: suggestedCategory === null || suggestedCategory === category ? undefined : suggestedCategory,
  };
}

/** What is wrong in two words, for the second line of a tile. */
export function kindOf(content: GalleryRow): string {
  switch (content.type) {
    case 'issue':
      return kindNames[content.row.kind];
    case 'label':
      return content.row.uncovered === 'none' ? `p_t ${pt(content.row.meanPt)}` : uncoveredNames[content.row.uncovered];
    case 'place':
      return `${content.row.level}, p_t ${probability(content.row.pt)}`;
  }
}

const uncoveredNames: Readonly<Record<UncoveredReason, string>> = {
  none: '',
  tooSmall: 'too small',
  tooLarge: 'too large',
  aspectRatio: 'aspect ratio',
  position: 'between anchors',
  contested: 'another label has them',
  outside: 'outside the picture',
};

/** The number that tiles are ordered by, and what it is. */
export function measureOf(content: GalleryRow): { readonly text: string; readonly meaning: string } {
  switch (content.type) {
    case 'issue':
      return { text: unit(content.row.score), meaning: 'score' };
    case 'label':
      return content.row.uncovered === 'none'
        ? { text: loss(content.row.loss), meaning: 'loss' }
        : { text: unit(content.row.bestIou), meaning: 'best IoU' };
    case 'place':
      return { text: loss(content.row.focal), meaning: 'focal loss' };
  }
}

/** The whole tile in words, for who cannot see it. */
export function tileName({ content, triage }: GalleryItem): string {
  const { from, to } = classesOf(content);
  const { text, meaning } = measureOf(content);
  const classes = to === undefined ? from : `${from}, suggested ${to}`;
  const state = triage.state === 'open' ? '' : `, ${triage.state}`;
  return `${kindOf(content)}: ${classes}; ${meaning} ${text}; ${fileName(content.row.image)}${state}`;
}

/** One line that says why the tile is here. */
export function evidenceOf(content: GalleryRow): string {
  switch (content.type) {
    case 'issue':
      return content.row.evidence;
    case 'label': {
      const { anchors, bestIou, bestDetection, excluded, meanPt } = content.row;
      if (excluded !== undefined) return excluded;
      const matched =
        anchors === 0
          ? `No anchor matches: the best overlaps with IoU ${unit(bestIou)}.`
          : `${counted(anchors, 'anchor')} at mean p_t ${pt(meanPt)}.`;
      const detected =
        bestDetection === null
          ? 'The model detects nothing of its class here.'
          : `The model detects its class with score ${unit(bestDetection.score)} at IoU ${unit(bestDetection.iou)}.`;
      return `${matched} ${detected}`;
    }
    case 'place': {
      const { anchors, focal, category, pt: background } = content.row;
      const taken = `the strongest takes it for ${category} (${probability(1 - background)})`;
      return `Nothing is labeled here: ${counted(anchors, 'background anchor')} carry a focal loss of ${loss(focal)}, ${taken}.`;
    }
  }
}

export function positionText(index: number, of: number): string {
  return `${count(index + 1)} of ${count(of)}`;
}

function pt(value: number | null): string {
  return value === null ? 'none' : probability(value);
}
