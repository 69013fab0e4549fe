import type { ImageLabels } from '../dataset/labels';
import { decodeAllBoxes, detect } from '../model/detections';
import type { Anchors, Detections, ForwardResult, ModelConfig, PreparedGeometry } from '../model/types';
import {
  anchorState,
  type Analysis,
  type BandThresholds,
  type Detection,
  type InputInfo,
  type LabelFileInfo,
  type MatchingInfo,
} from '../protocol/analysis';
import { allocateAnchorColumns, anchorColumns, type AnchorColumns } from '../protocol/anchorColumns';
import { AnalysisScratch } from './analysisScratch';
import { assignLabels, gatherBoxes, targetColumns } from './assignment';
import type { LossDetail } from './anchorLosses';
import { boxLosses } from './boxLoss';
import { mapClasses } from './classMapping';
import { anchorShapes } from './coverage';
import { assessFocalLoss, summarize, type FocalAssessment } from './focalAssessment';
import { votingLogit } from './issues/anchorVotes';
import { issueEvidence, type IssueEvidence } from './issues/issueEvidence';
import { mergeIssues } from './issues/mergeIssues';
import { defaultMinScore, suspicions } from './issues/suspicions';
import { labelIssues } from './labelIssues';
import { labelMatches } from './labelMatches';
import { labelNotes } from './labelNotes';
import { finiteXywh, labelSummaries } from './labelSummaries';
import { labelTargets } from './labelTargets';
import { matchAnchors } from './matching';
import { quickLosses } from './quickLosses';
import { requireFinite } from './requireFinite';

export interface AnalyzeInput {
  readonly forward: ForwardResult;
  readonly anchors: Anchors;
  readonly prepared: PreparedGeometry;
  /** Original size, pixels as stored, and what is wrong with them, see `DecodedImage`. */
  readonly image: { readonly width: number; readonly height: number; readonly damage?: string };
  readonly config: ModelConfig;
  /** Undefined when no label file was found. */
  readonly labels: ImageLabels | undefined;
  /** By default those of `forward`. */
  readonly detections?: Detections;
  /** x1, y1, x2, y2 per anchor in original image pixels, clipped to the image; by default those of `forward`. */
  readonly decoded?: Float32Array;
  readonly bands: BandThresholds;
  /**
   * With `sums` the loss curves are left out, the column `tail` holds zeros, as does `decoded` where nothing follows from
   * it, and losses are those of `quickLosses`.
   */
  readonly detail?: LossDetail;
  readonly scratch?: AnalysisScratch;
}

/** What follows from one image's forward pass and labels: an analysis but for file, model and timings. */
export type AnalysisPart = Omit<Analysis, 'image' | 'model' | 'milliseconds'>;

const noLabels: Pick<ImageLabels, 'format' | 'labels' | 'categories'> = { format: 'voc', labels: [], categories: [] };

/**
 * Matches anchors with labels and computes every loss of one image.
 *
 * @throws UserError when the network's output is not finite
 */
export function analyze(input: AnalyzeInput): AnalysisPart {
  return analyzeWithEvidence(input).part;
}

/** The same with the evidence its suspicions rest on, for calibrating and measuring them. */
export function analyzeWithEvidence(input: AnalyzeInput): {
  readonly part: AnalysisPart;
  readonly evidence: IssueEvidence;
} {
  const { forward, anchors, prepared, image, config, bands } = input;
  const classes = config.classes.length;
  requireShape('logits', forward.logits, anchors.count, classes);
  requireShape('deltas', forward.deltas, anchors.count, 4);

  const { labels } = input.labels ?? noLabels;
  const mapping = mapClasses(input.labels ?? noLabels, config);
  const targets = labelTargets(labels, mapping.columns, prepared, image);
  const trainedBoxes = gatherBoxes(targets.boxes, targets.trained);
  const matching = matchAnchors(anchors.boxes, trainedBoxes, config);

  const buffer = allocateAnchorColumns(anchors.count);
  const columns = anchorColumns(buffer);
  assignLabels(matching, targets.trained, columns);
  const classColumns = targetColumns(columns.state, columns.label, mapping.columns);
  const focal = classificationLosses(input, columns, classColumns);
  requireFinite('box deltas', forward.deltas, 4, anchors.levels);
  boxLosses(forward.deltas, anchors.boxes, trainedBoxes, matching.matched, config, columns.boxRegression);
  if (input.decoded === undefined) {
    const wanted = input.detail === 'sums' ? boxesInUse(columns) : undefined;
    decodeAllBoxes(forward.deltas, anchors, prepared, image, columns.decoded, wanted);
  } else columns.decoded.set(input.decoded);
  const detections = input.detections ?? detect(forward, anchors, prepared, image, config, largestLogits(columns));

  const { match, excluded } = labelMatches(targets, matching, anchors.levels, prepared, config);
  const summaries = labelSummaries(
    labels,
    mapping.columns,
    excluded,
    match,
    columns,
    matching.byLowQuality,
    detections,
  );
  const thresholds: MatchingInfo = {
    foreground: config.fgIou,
    background: config.bgIou,
    allowLowQualityMatches: config.allowLowQualityMatches,
  };
  const certain = labelIssues(labels, summaries, {
    boxes: targets.boxes,
    shapes: anchorShapes(anchors.levels),
    matching: thresholds,
    anchorLabels: columns.label,
  });
  const evidence = issueEvidence({
    logits: forward.logits,
    classes: config.classes,
    columns,
    targets: classColumns,
    labelBoxes: Float64Array.from(labels.flatMap(label => label.box)),
    labelColumns: mapping.columns.map((column, label) => (excluded[label] === undefined ? column : -1)),
    crowds: Uint8Array.from(labels, label => (label.crowd ? 1 : 0)),
    image,
  });
  // Without a label file nothing is labelled, so nothing is missing either.
  const suspected =
    input.labels === undefined
      ? []
      : suspicions(evidence, { labels, categories: mapping.categories, minScore: defaultMinScore });
  const withoutOverlap = matching.withoutOverlap.map(label => targets.trained[label]);
  const foreground = sum(focal.levels.map(level => level.foreground));
  const ignored = focal.breakdown.find(({ group }) => group === 'ignored')?.anchors ?? 0;
  const part: AnalysisPart = {
    input: inputInfo(prepared),
    anchors: {
      total: anchors.count,
      foreground,
      background: anchors.count - foreground - ignored,
      ignored,
      levels: anchors.levels.map((level, i) => ({
        ...level,
        baseAnchors: Array.from(level.baseAnchors),
        ...focal.levels[i],
      })),
    },
    loss: {
      gamma: config.focal.gamma,
      alpha: config.focal.alpha,
      classification: focal.classification,
      boxRegression: sum(columns.boxRegression) / Math.max(1, foreground),
      boxLoss: config.boxLoss,
      foregroundCount: foreground,
    },
    bands,
    matching: thresholds,
    breakdown: focal.breakdown,
    curves: focal.curves,
    labels: summaries,
    labelFile: input.labels && labelFileInfo(input.labels),
    detections: listDetections(detections, config.classes),
    issues: mergeIssues(certain, suspected),
    notes: [...imageNotes(image), ...mapping.notes, ...labelNotes(input.labels, withoutOverlap, config)],
    columns: buffer,
  };
  return { part, evidence };
}

/** Fills the columns of the classification loss. Throws a UserError for logits that are not finite. */
function classificationLosses(
  { forward, anchors, config, bands, detail, scratch = new AnalysisScratch() }: AnalyzeInput,
  columns: AnchorColumns,
  targets: Int32Array,
): Omit<FocalAssessment, 'losses'> {
  const { logits } = forward;
  const { classes, focal } = config;
  if (detail !== 'sums') {
    requireFinite('class logits', logits, classes.length, anchors.levels);
    return assessFocalLoss(logits, classes.length, columns.state, targets, anchors.levels, focal, bands, columns);
  }
  const table = scratch.termTable(focal.gamma);
  if (!quickLosses(logits, classes.length, targets, focal, table, columns)) {
    requireFinite('class logits', logits, classes.length, anchors.levels);
  }
  const curves = { foreground: [], background: [] };
  return { ...summarize(columns, columns.state, anchors.levels, bands), curves };
}

/** 1 for the anchors whose decoded boxes are looked at: the foreground and those that vote for an object. */
function boxesInUse({ state, worstLogit }: AnchorColumns): Uint8Array {
  const used = new Uint8Array(state.length);
  for (let anchor = 0; anchor < used.length; anchor++) {
    if (worstLogit[anchor] >= votingLogit || state[anchor] === anchorState.foreground) used[anchor] = 1;
  }
  return used;
}

/** The largest logit of every anchor. */
function largestLogits({ state, worstLogit, targetLogit }: AnchorColumns): Float32Array {
  const largest = worstLogit.slice();
  for (let anchor = 0; anchor < largest.length; anchor++) {
    if (state[anchor] === anchorState.foreground && targetLogit[anchor] > largest[anchor]) {
      largest[anchor] = targetLogit[anchor];
    }
  }
  return largest;
}

function imageNotes({ damage }: AnalyzeInput['image']): string[] {
  return damage === undefined ? [] : [`The image's data is damaged (${damage}): pixels may be wrong.`];
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

function inputInfo({ width, height, paddedWidth, paddedHeight, scaleX, scaleY }: PreparedGeometry): InputInfo {
  return { width, height, paddedWidth, paddedHeight, scale: [scaleY, scaleX] };
}

function listDetections({ count, boxes, scores, columns }: Detections, classes: readonly string[]): Detection[] {
  return Array.from({ length: count }, (_, i) => ({
    bbox: finiteXywh([boxes[i * 4], boxes[i * 4 + 1], boxes[i * 4 + 2], boxes[i * 4 + 3]]),
    category: classes[columns[i]],
    column: columns[i],
    score: scores[i],
  }));
}

function labelFileInfo({ format, files, problems }: ImageLabels): LabelFileInfo {
  return { format, files, problems: problems.map(({ message, file, line }) => `${file}:${line + 1}: ${message}`) };
}

function requireShape(name: string, values: Float32Array, anchors: number, width: number): void {
  if (values.length === anchors * width) return;
  throw new RangeError(`${values.length} ${name} for ${anchors} anchors of ${width}`);
}
