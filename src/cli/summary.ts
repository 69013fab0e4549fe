/** What `focal-lens analyze` prints for people. */
import type { Analysis, LabelSummary } from '../protocol/analysis';
import { allNotes } from './analysisDocument';
import { breakdownSection, decimal, integer, left, plural, right, titled } from './format';
import { shortPath } from './shortPath';
import { tableLines, type Column } from './table';
import { palette, printable, type Palette } from './terminal';

/** Labels listed by loss. */
const labelsShown = 10;
/** Issues and notes listed each. */
const linesShown = 20;

/** @returns lines of text; everything from data sets is stripped of control characters */
export function summary(analysis: Analysis, colours: boolean): string {
  const style = palette(colours);
  const sections = [
    header(analysis, style),
    lossSection(analysis, style),
    breakdownSection(analysis, style),
    levelSection(analysis, style),
    labelSection(analysis, style),
    issueSection(analysis, style),
    noteSection(analysis, style),
    [style.dim(timings(analysis))],
  ];
  return `${sections
    .filter(section => section.length > 0)
    .map(section => section.join('\n'))
    .join('\n\n')}\n`;
}

function header({ image, model, input, labelFile }: Analysis, style: Palette): string[] {
  const classes = model.classes.length;
  return [
    `${style.bold('Image')}   ${printable(image.file)}, ${image.width} x ${image.height} pixels`,
    `${style.bold('Model')}   ${printable(model.architecture)}, ${integer(model.parameters)} parameters, ${classes} class columns; ` +
      `${printable(model.runtime)}, ${printable(model.provider)}`,
    `        ${style.dim(printable(model.providerReason))}`,
    `${style.bold('Input')}   ${input.width} x ${input.height}, padded to ${input.paddedWidth} x ${input.paddedHeight}`,
    `${style.bold('Labels')}  ${labelFile === undefined ? 'no label file found: the whole image counts as background' : printable(`${labelFile.format}: ${labelFile.files.map(file => shortPath(file)).join(', ')}`)}`,
  ];
}

function lossSection({ loss, anchors }: Analysis, style: Palette): string[] {
  const divisor = Math.max(1, loss.foregroundCount);
  const per =
    loss.foregroundCount > 0
      ? `per foreground anchor (${integer(loss.foregroundCount)})`
      : 'divided by 1, for want of foreground anchors';
  return [
    `${style.bold('Loss')}    classification ${style.bold(decimal(loss.classification))}, box ${style.bold(decimal(loss.boxRegression))} (${loss.boxLoss}), ${per}`,
    `        sums ${decimal(loss.classification * divisor)} and ${decimal(loss.boxRegression * divisor)}; focal loss with gamma ${loss.gamma}, ` +
      `alpha ${loss.alpha < 0 ? 'none' : loss.alpha}`,
    `${style.bold('Anchors')} ${integer(anchors.total)}: ${integer(anchors.foreground)} foreground, ${integer(anchors.background)} background, ${integer(anchors.ignored)} ignored`,
  ];
}

function levelSection({ anchors }: Analysis, style: Palette): string[] {
  const columns: Column[] = [
    left('level'),
    right('grid'),
    right('stride'),
    right('anchors'),
    right('foreground'),
    right('cross entropy'),
    right('focal loss'),
  ];
  const rows = anchors.levels.map(level => [
    level.name,
    `${level.grid[0]} x ${level.grid[1]}`,
    level.stride[0] === level.stride[1] ? `${level.stride[0]}` : `${level.stride[0]} x ${level.stride[1]}`,
    integer(level.count),
    integer(level.foreground),
    decimal(level.crossEntropy),
    decimal(level.focal),
  ]);
  return titled(tableLines(columns, rows), style);
}

function labelSection({ labels, detections }: Analysis, style: Palette): string[] {
  const count = `${plural(labels.length, 'label')}, ${plural(detections.length, 'detection')}`;
  if (labels.length === 0) return [count];
  const columns: Column[] = [
    left('label'),
    left('category'),
    right('anchors'),
    right('best IoU'),
    right('mean p_t'),
    right('cls loss'),
    right('box loss'),
    left('detected'),
    left('where'),
  ];
  const loss = (label: LabelSummary) => label.classification + label.boxRegression;
  const listed = [...labels].sort((a, b) => loss(b) - loss(a)).slice(0, labelsShown);
  const rows = listed.map(label => [
    printable(label.id),
    printable(label.category),
    label.excluded === undefined ? integer(label.anchors) : 'excluded',
    label.bestIou.toFixed(2),
    label.meanPt === null ? '-' : label.meanPt.toFixed(2),
    decimal(label.classification),
    decimal(label.boxRegression),
    label.bestDetection === null
      ? 'no'
      : `IoU ${label.bestDetection.iou.toFixed(2)}, score ${label.bestDetection.score.toFixed(2)}`,
    label.source === undefined ? '' : printable(`${shortPath(label.source.file)}:${label.source.line + 1}`),
  ]);
  const title =
    labels.length > listed.length ? `${count}; labels with the most loss, sums:` : `${count}; sums by label:`;
  return [title, ...titled(tableLines(columns, rows), style)];
}

function issueSection({ issues, labels }: Analysis, style: Palette): string[] {
  if (issues.length === 0) return [];
  const sources = new Map(labels.map(label => [label.id, label.source]));
  const lines = issues.slice(0, linesShown).map(issue => {
    const source = issue.labelId === null ? undefined : sources.get(issue.labelId);
    const place = source === undefined ? '' : `${shortPath(source.file)}:${source.line + 1}: `;
    return `  ${style.warn(issue.kind)} ${issue.score.toFixed(2)}  ${printable(place + issue.evidence)}`;
  });
  return [`${plural(issues.length, 'suspicion')} about labels:`, ...lines, ...more(issues.length)];
}

function noteSection(analysis: Analysis, style: Palette): string[] {
  const files = analysis.labelFile?.files ?? [];
  const short = (note: string) => files.reduce((text, file) => text.replaceAll(file, shortPath(file)), note);
  const notes = allNotes(analysis).map(short);
  if (notes.length === 0) return [];
  return [
    style.bold('Notes'),
    ...notes.slice(0, linesShown).map(note => `  ${printable(note)}`),
    ...more(notes.length),
  ];
}

function timings({ milliseconds }: Analysis): string {
  const { decode, prepare, forward, analyse, total } = milliseconds;
  const parts = { decode, prepare, forward, analyse };
  const listed = Object.entries(parts).map(([name, value]) => `${name} ${value.toFixed(0)}`);
  return `${listed.join(', ')}, total ${total.toFixed(0)} ms`;
}

function more(count: number): string[] {
  return count > linesShown ? [`  and ${count - linesShown} more: see --json`] : [];
}
