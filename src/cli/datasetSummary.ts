/** What `focal-lens analyze-dataset` prints for people. */
import { formatShare } from '../protocol/breakdownSentence';
import type {
  DatasetOverview,
  DatasetRunResult,
  FailedImage,
  StoredIssue,
  StoredLabel,
  StoredPlace,
  StoredSource,
} from '../protocol/dataset';
import { breakdownSection, decimal, integer, left, plural, right, titled } from './format';
import { shortPath } from './shortPath';
import { tableLines } from './table';
import { palette, printable, type Palette } from './terminal';

/** What a summary tells of a run and its store; the lists hold their first rows only. */
export interface DatasetReport {
  readonly result: DatasetRunResult;
  readonly overview: DatasetOverview;
  readonly labels: readonly StoredLabel[];
  readonly issues: readonly StoredIssue[];
  readonly places: readonly StoredPlace[];
  readonly failures: readonly FailedImage[];
}

/** Rows of each list. */
export const rowsShown = 10;
/** Suspicions of each kind. */
export const issuesShownPerKind = 2;

/** @returns lines of text; everything from data sets is stripped of control characters */
export function datasetSummary(report: DatasetReport, colours: boolean): string {
  const style = palette(colours);
  const { run } = report.overview;
  const sections = [
    header(report, style),
    run === undefined ? [] : breakdownSection({ breakdown: report.overview.breakdown, bands: run.bands }, style),
    levelSection(report.overview, style),
    categorySection(report.overview, style),
    labelSection(report, style),
    issueSection(report, style),
    placeSection(report, style),
    failureSection(report, style),
    noteLines(run?.notes ?? [], style),
    [style.dim(closing(report.result))],
  ];
  return `${sections
    .filter(section => section.length > 0)
    .map(section => section.join('\n'))
    .join('\n\n')}\n`;
}

function header({ overview, result }: DatasetReport, style: Palette): string[] {
  const { run, images, failed, labels, anchors, foreground, meanClassification, meanBoxRegression } = overview;
  if (run === undefined) return [];
  const counts = [
    plural(images, 'image'),
    ...(failed > 0 ? [`${integer(failed)} failed`] : []),
    ...(result.missing > 0 ? [`${integer(result.missing)} not there`] : []),
    plural(labels, 'label'),
  ];
  return [
    `${style.bold('Dataset')} ${printable(shortPath(run.dataset))}: ${counts.join(', ')}`,
    `${style.bold('Model')}   ${printable(run.architecture)}, ${integer(run.parameters)} parameters, ${run.classes.length} class columns; ` +
      `${printable(run.runtime)}, ${printable(run.provider)}`,
    `${style.bold('Loss')}    classification ${style.bold(decimal(meanClassification))}, box ${style.bold(decimal(meanBoxRegression))} ` +
      `(${run.boxLoss}), means over images of the loss per foreground anchor; focal loss with gamma ${run.gamma}, alpha ${run.alpha < 0 ? 'none' : run.alpha}`,
    `${style.bold('Anchors')} ${integer(anchors)}, ${integer(foreground)} of them foreground`,
  ];
}

function levelSection({ levels }: DatasetOverview, style: Palette): string[] {
  if (levels.length === 0) return [];
  const total = levels.reduce((sum, level) => sum + level.focal, 0);
  const columns = [left('level'), right('anchors'), right('foreground'), right('focal loss'), right('share')];
  const rows = levels.map(level => [
    printable(level.level),
    integer(level.anchors),
    integer(level.foreground),
    decimal(level.focal),
    formatShare(total > 0 ? level.focal / total : 0),
  ]);
  return titled(tableLines(columns, rows), style);
}

function categorySection({ categories }: DatasetOverview, style: Palette): string[] {
  if (categories.length === 0) return [];
  const loss = (category: (typeof categories)[number]) => category.classification + category.boxRegression;
  const total = categories.reduce((sum, category) => sum + loss(category), 0);
  const columns = [
    left('class'),
    right('labels'),
    right('anchors'),
    right('uncovered'),
    right('cls loss'),
    right('box loss'),
    right('loss per label'),
    right('share'),
  ];
  const rows = categories
    .slice(0, 2 * rowsShown)
    .map(category => [
      printable(category.name),
      integer(category.labels),
      integer(category.anchors),
      integer(category.uncovered),
      decimal(category.classification),
      decimal(category.boxRegression),
      decimal(loss(category) / Math.max(1, category.labels)),
      formatShare(total > 0 ? loss(category) / total : 0),
    ]);
  return ['Loss of labels by class, sums:', ...titled(tableLines(columns, rows), style)];
}

function labelSection({ labels }: DatasetReport, style: Palette): string[] {
  if (labels.length === 0) return [];
  const columns = [
    left('label'),
    left('class'),
    right('anchors'),
    right('mean p_t'),
    right('cls loss'),
    right('box loss'),
    left('detected'),
  ];
  const rows = labels.map(label => [
    placeOf(label),
    printable(label.category),
    integer(label.anchors),
    label.meanPt === null ? '-' : label.meanPt.toFixed(2),
    decimal(label.classification),
    decimal(label.boxRegression),
    label.bestDetection === null
      ? 'no'
      : `IoU ${label.bestDetection.iou.toFixed(2)}, score ${label.bestDetection.score.toFixed(2)}`,
  ]);
  return ['Labels with the most loss:', ...titled(tableLines(columns, rows), style)];
}

function issueSection({ overview, issues }: DatasetReport, style: Palette): string[] {
  const total = overview.issues.reduce((sum, { issues: count }) => sum + count, 0);
  if (total === 0) return [];
  const kinds = overview.issues.map(({ kind, issues: count }) => `${integer(count)} ${kind}`).join(', ');
  return [
    `${plural(total, 'suspicion')} about labels (${kinds}); the strongest of each kind:`,
    ...issues.map(issue => issueLine(issue, style)),
  ];
}

/** One suspicion: kind, score, where, why. */
export function issueLine(issue: StoredIssue, style: Palette): string {
  const text = `${placeOf(issue)}: ${printable(issue.evidence)}`;
  return `  ${style.warn(issue.kind)} ${issue.score.toFixed(2)}  ${text}`;
}

function placeSection({ places }: DatasetReport, style: Palette): string[] {
  if (places.length === 0) return [];
  const columns = [left('image'), right('x, y, width, height'), left('taken for'), right('p_t'), right('focal loss')];
  const rows = places.map(place => [
    printable(shortPath(place.image)),
    place.bbox.map(value => value.toFixed(0)).join(', '),
    printable(place.category),
    place.pt.toFixed(2),
    decimal(place.focal),
  ]);
  return ['Background with the most loss (may lack a label):', ...titled(tableLines(columns, rows), style)];
}

function failureSection({ overview, failures }: DatasetReport, style: Palette): string[] {
  if (failures.length === 0) return [];
  const rest = overview.failed - failures.length;
  return [
    style.warn(`${plural(overview.failed, 'image')} failed:`),
    ...failures.map(({ file, error }) => `  ${printable(shortPath(file))}: ${printable(error)}`),
    ...(rest > 0 ? [`  and ${integer(rest)} more: see the store`] : []),
  ];
}

/** What the user should know about a run as a whole. */
export function noteLines(notes: readonly string[], style: Palette): string[] {
  return notes.length === 0 ? [] : [style.bold('Notes'), ...notes.map(note => `  ${printable(note)}`)];
}

function closing({ computed, reused, seconds, store }: DatasetRunResult): string {
  const kept = reused > 0 ? `, ${integer(reused)} unchanged` : '';
  const rate = computed > 0 && seconds > 0 ? `, ${(computed / seconds).toFixed(1)} a second` : '';
  return `${plural(computed, 'image')} computed${kept} in ${seconds.toFixed(1)} s${rate}; stored in ${printable(shortPath(store))}`;
}

/** `file:line` where the label file is known, else the image. */
function placeOf({ source, image }: { source: StoredSource | undefined; image: string }): string {
  return printable(source === undefined ? shortPath(image) : `${shortPath(source.file)}:${source.line + 1}`);
}
