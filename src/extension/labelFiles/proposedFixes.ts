import type { CornerBox, XywhBox } from '../../common/boxes';
import { toCorners } from '../../common/boxes';
import type { DatasetCategory } from '../../dataset/dataset';
import type { LabelChange, NewLabel } from '../../dataset/edit/labelChange';
import type { LabelIssue } from '../../protocol/analysis';
import type { LabelFormat } from '../../dataset/labels';
import { plainText } from './markdownText';
import type { Translate } from './translate';

/** What could be done about a suspicion: a change of the label in question, or a new label. */
export type ProposedFix =
  | { readonly kind: 'change'; readonly what: 'changeClass'; readonly category: string; readonly title: string }
  | { readonly kind: 'change'; readonly what: 'replaceBox'; readonly box: CornerBox; readonly title: string }
  | { readonly kind: 'change'; readonly what: 'remove'; readonly title: string }
  | { readonly kind: 'add'; readonly category: string; readonly box: CornerBox; readonly title: string };

type Suspicion = Pick<LabelIssue, 'kind' | 'category' | 'suggestedCategory' | 'bbox' | 'suggestedBbox'>;

/** What proposed fixes depend on beside the suspicion. */
export interface FixedImage {
  readonly image: { readonly width: number; readonly height: number };
  readonly labels: readonly { readonly bbox: XywhBox }[];
  readonly labelFile: { readonly format: LabelFormat };
}

/** The fixes of a suspicion, the likeliest first. What it suggests nothing for is not offered. */
export function proposedFixes(issue: Suspicion, image: FixedImage, t: Translate): readonly ProposedFix[] {
  const { kind, suggestedCategory, suggestedBbox } = issue;
  const whole = hasWholeNumbers(image);
  const remove = (title: string): ProposedFix => ({ kind: 'change', what: 'remove', title });
  const changeClass = (): ProposedFix[] =>
    suggestedCategory === null
      ? []
      : [
          {
            kind: 'change',
            what: 'changeClass',
            category: suggestedCategory,
            title: t('Change class to {0}', plainText(suggestedCategory)),
          },
        ];
  const replaceBox = (title: string): ProposedFix[] =>
    suggestedBbox === null
      ? []
      : [{ kind: 'change', what: 'replaceBox', box: writtenBox(suggestedBbox, image, whole), title }];
  switch (kind) {
    case 'wrongClass':
      return [...changeClass(), remove(t('Remove this label'))];
    case 'badBox':
      return [...replaceBox(t("Replace the box by the model's")), remove(t('Remove this label'))];
    case 'degenerate':
      return [
        ...replaceBox(
          isSwapped(issue.bbox) ? t('Put the corners of the box in order') : t("Replace the box by the model's"),
        ),
        remove(t('Remove this label')),
      ];
    case 'duplicate':
      return [remove(t('Remove this duplicate'))];
    case 'spurious':
      return [remove(t('Remove this label'))];
    case 'missing': {
      const category = suggestedCategory ?? issue.category;
      if (category === null) return [];
      const box = writtenBox(suggestedBbox ?? issue.bbox, image, whole);
      return [{ kind: 'add', category, box, title: t('Add a label: {0}', plainText(category)) }];
    }
    case 'uncovered':
      return [];
  }
}

/** Whether a degenerate box is a proper one once its corners are in order. */
function isSwapped([, , width, height]: XywhBox): boolean {
  return width !== 0 && height !== 0 && (width < 0 || height < 0);
}

/** The change that a fix makes; undefined for a class that the data set does not have. */
export function labelChange(
  fix: ProposedFix & { readonly kind: 'change' },
  categories: readonly DatasetCategory[],
): LabelChange | undefined {
  switch (fix.what) {
    case 'changeClass': {
      const category = categoryNamed(fix.category, categories);
      return category && { kind: 'changeClass', category };
    }
    case 'replaceBox':
      return { kind: 'replaceBox', box: fix.box };
    case 'remove':
      return { kind: 'remove' };
  }
}

export function newLabel(
  fix: ProposedFix & { readonly kind: 'add' },
  categories: readonly DatasetCategory[],
): NewLabel | undefined {
  const category = categoryNamed(fix.category, categories);
  return category && { category, box: fix.box };
}

/** Pascal VOC states no categories: there any name goes. Else by name, then whatever its case. */
function categoryNamed(name: string, categories: readonly DatasetCategory[]): DatasetCategory | undefined {
  if (categories.length === 0) return { name, id: undefined };
  const folded = name.toLowerCase();
  return (
    categories.find(category => category.name === name) ??
    categories.find(category => category.name.toLowerCase() === folded)
  );
}

/** Within the image, in whole pixels where the image's labels are, else in hundredths. */
function writtenBox(bbox: XywhBox, { image }: FixedImage, whole: boolean): CornerBox {
  const round = (value: number) => (whole ? Math.round(value) : Math.round(value * 100) / 100);
  const clip = (value: number, limit: number) => Math.min(limit, Math.max(0, round(value)));
  const [x1, y1, x2, y2] = toCorners(bbox);
  return [clip(x1, image.width), clip(y1, image.height), clip(x2, image.width), clip(y2, image.height)];
}

function hasWholeNumbers({ labels, labelFile }: FixedImage): boolean {
  if (labelFile.format === 'yolo') return false;
  return labels.length > 0 && labels.every(({ bbox }) => bbox.every(value => Number.isInteger(value)));
}
