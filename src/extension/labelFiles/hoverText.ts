import type { ImageCrop } from '../../protocol/messages';
import type { LabelIssue, LabelSummary, UncoveredReason } from '../../protocol/analysis';
import { issuesOf, type ImageFacts, type Standing } from './labelFacts';
import { markdownText } from './markdownText';
import { issueName } from './markText';
import { lossText, timesText, unitText } from './numbers';
import type { Translate } from './translate';

/** A link of a hover: a title of ours and a `command:` address made by us. */
export interface HoverLink {
  readonly icon: string;
  readonly title: string;
  readonly href: string;
}

export interface LabelHoverInput {
  readonly image: ImageFacts;
  readonly index: number;
  readonly standing: Standing | undefined;
  readonly crop: ImageCrop | undefined;
  /** The crop is plain, and its heatmap is being computed. */
  readonly heatFollows: boolean;
  /** Suspicions whose evidence the editor shows above, from the Problems panel. */
  readonly listed: readonly LabelIssue[];
  readonly links: readonly HoverLink[];
}

/** Markdown: VS Code cuts off what is longer. */
export const maxHoverLength = 100_000;
const maxEvidence = 200;
const separator = ' · ';

/**
 * What is shown for an analyzed label, as Markdown. All text of the data set is escaped. An editor gives a hover some 250
 * pixels in height before it scrolls: the most telling things come first.
 */
export function labelHover(input: LabelHoverInput, t: Translate): string {
  const { image, index, standing, crop, heatFollows, listed, links } = input;
  const label = image.labels[index];
  const issues = issuesOf(image, label).filter(issue => !listed.includes(issue));
  const sections = [
    heading(label, standing, links, t),
    ...issues.map(issue => issueLine(issue, t)),
    [
      lossLine(label, standing, t),
      ...anchorsLines(label, t),
      t('Best detection: {0}', detectionText(label, image, t)),
      place(label, image, t),
    ].join('  \n'),
  ];
  const length = sections.join('\n\n').length;
  const picture = crop && pictureOf(crop, heatFollows, issues.length > 0, t);
  if (picture !== undefined && length + picture.length < maxHoverLength) sections.splice(1 + issues.length, 0, picture);
  return sections.join('\n\n');
}

/** What is shown where a label has been edited since its analysis. */
export function staleHover(links: readonly HoverLink[], t: Translate): string {
  return [
    `$(history) ${t('This label was edited after its image was analyzed. Save the file to analyze it again.')}`,
    linkLine(links),
  ].join('\n\n');
}

/** What is shown for a label of which nothing is known yet. */
export function unknownHover(category: string | undefined, links: readonly HoverLink[], t: Translate): string {
  const name = category === undefined ? '' : `**${markdownText(category)}** — `;
  return [`${name}${t('The image of this label has not been analyzed yet.')}`, linkLine(links)].join('\n\n');
}

function heading(
  label: LabelSummary,
  standing: Standing | undefined,
  links: readonly HoverLink[],
  t: Translate,
): string {
  const name = `**${markdownText(label.category)}**`;
  return [name, ...(standing === undefined ? [] : [rankText(standing, t)]), linkLine(links)].join('&nbsp;&nbsp; ');
}

function rankText({ rank, of, images }: Standing, t: Translate): string {
  return images === 1
    ? t('#{0} of {1} by loss in this image', rank, of)
    : t('#{0} of {1} by loss in {2} images', rank, of, images);
}

/** The whole evidence stands in the Problems panel. */
function issueLine({ kind, score, evidence }: LabelIssue, t: Translate): string {
  return `$(warning) **${markdownText(issueName(kind, t))} ${unitText(score)}** ${markdownText(evidence, maxEvidence)}`;
}

function lossLine(label: LabelSummary, standing: Standing | undefined, t: Translate): string {
  if (label.excluded !== undefined)
    return t('Takes no part in the loss: {0}', markdownText(label.excluded, maxEvidence));
  const parts = [`${t('Focal loss')} **${lossText(label.classification)}**`];
  const times = standing && timesText(label.classification, standing.classMedian);
  if (times !== undefined && standing !== undefined && standing.classLabels > 1) {
    parts.push(
      t('{0} the median of {1} {2} labels', `**${times}**`, standing.classLabels, markdownText(label.category)),
    );
  }
  if (label.anchors > 0) parts.push(t('box loss {0}', lossText(label.boxRegression)));
  return parts.join(separator);
}

function anchorsLines(label: LabelSummary, t: Translate): string[] {
  if (label.excluded !== undefined) return [];
  const { meanPt, minPt } = label;
  const pt =
    meanPt === null || minPt === null ? [] : [t('p\\_t mean {0}, lowest {1}', unitText(meanPt), unitText(minPt))];
  return [[...pt, anchorsText(label, t)].join(separator)];
}

function place(label: LabelSummary, { image }: ImageFacts, t: Translate): string {
  return t('Label {0} of {1}', markdownText(label.id), markdownText(fileName(image.file)));
}

function anchorsText(label: LabelSummary, t: Translate): string {
  const best = t('best IoU {0}', unitText(label.bestIou));
  if (label.anchors === 0) {
    const why = uncoveredText(label.uncovered, t);
    return [t('no anchor matched'), ...(why === undefined ? [] : [why]), best].join(', ');
  }
  const rule =
    label.anchorsByLowQuality === 0
      ? ''
      : label.anchorsByThreshold === 0
        ? ` ${t('(by the low-quality rule only)')}`
        : ` ${t('({0} by the low-quality rule)', label.anchorsByLowQuality)}`;
  const matched = label.anchors === 1 ? t('1 anchor matched') : t('{0} anchors matched', label.anchors);
  return `${matched}${rule}, ${best}`;
}

function uncoveredText(reason: UncoveredReason, t: Translate): string | undefined {
  switch (reason) {
    case 'none':
      return undefined;
    case 'tooSmall':
      return t('smaller than the anchors');
    case 'tooLarge':
      return t('larger than the anchors');
    case 'aspectRatio':
      return t('no anchor has its aspect ratio');
    case 'position':
      return t('between the strides of the anchors');
    case 'contested':
      return t('its anchors fit another label better');
    case 'outside':
      return t('outside the image');
  }
}

/** The best detection of the label's class, and one of another class that fits better. */
function detectionText({ bestDetection: same, bestAnyDetection: any }: LabelSummary, image: ImageFacts, t: Translate) {
  const text = (match: NonNullable<typeof same>) =>
    t(
      '{0} {1}, IoU {2}',
      markdownText(image.detections[match.detection]?.category ?? t('another class')),
      unitText(match.score),
      unitText(match.iou),
    );
  if (any === null) return t('none overlaps');
  if (same?.detection === any.detection) return text(any);
  return same === null ? t('{0}; none of its class', text(any)) : t('{0}; of its class: {1}', text(any), text(same));
}

function linkLine(links: readonly HoverLink[]): string {
  return links.map(({ icon, title, href }) => `[$(${icon}) ${title}](${href})`).join('&nbsp;&nbsp; ');
}

function pictureOf(crop: ImageCrop, heatFollows: boolean, small: boolean, t: Translate): string {
  const title = crop.heat ? t('Crop with the focal loss laid over') : t('Crop');
  const picture = `![${markdownText(title)}](${crop.uri}|${sizeOf(crop, small)})`;
  if (!heatFollows) return picture;
  return `${picture}  \n$(sync) ${t('The heatmap is being computed: point here again to see it.')}`;
}

/** Pictures are drawn finer than shown, for dense screens; beside a suspicion there is less room. */
function sizeOf({ width, height }: ImageCrop, small: boolean): string {
  const shown = Math.min(height / 2, small ? 90 : 120);
  return `width=${Math.round((width * shown) / height)},height=${Math.round(shown)}`;
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
