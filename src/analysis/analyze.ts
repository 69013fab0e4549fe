import type { ImageLabels } from '../dataset/labels';
import type { Anchors, Detections, ForwardResult, ModelConfig, PreparedImage } from '../model/types';
import {
  anchorState,
  type Analysis,
  type AnchorState,
  type BandThresholds,
  type Detection,
  type InputInfo,
  type LabelFileInfo,
  type MatchingInfo,
} from '../protocol/analysis';
import { allocateAnchorColumns, anchorColumns } from '../protocol/anchorColumns';
import { assignLabels, gatherBoxes, targetColumns } from './assignment';
import type { LossDetail } from './anchorLosses';
import { boxLosses } from './boxLoss';
import { mapClasses } from './classMapping';
import { anchorShapes } from './coverage';
import { assessFocalLoss } from './focalAssessment';
import { issueEvidence, type IssueEvidence } from './issues/issueEvidence';
import { mergeIssues } from './issues/mergeIssues';
import { defaultMinScore, suspicions } from './issues/suspicions';
import { labelIssues } from './labelIssues';
import { labelMatches } from './labelMatches';
import { labelNotes } from './labelNotes';
import { finiteXywh, labelSummaries } from './labelSummaries';
import { labelTargets } from './labelTargets';
import { matchAnchors } from './matching';
import { requireFinite } from './requireFinite';

export interface AnalyzeInput {
  readonly forward: ForwardResult;
  readonly anchors: Anchors;
  readonly prepared: PreparedImage;
  /** Original size, pixels as stored. */
  readonly image: { readonly width: number; readonly height: number };
  readonly config: ModelConfig;
  /** Undefined when no label file was found. */
  readonly labels: ImageLabels | undefined;
  readonly detections: Detections;
  /** x1, y1, x2, y2 per anchor in original image pixels, clipped to the image. */
  readonly decoded: Float32Array;
  readonly bands: BandThresholds;
  /** With `sums` the loss curves are left out, and the column `tail` holds zeros. */
  readonly detail?: LossDetail;
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
  const { forward, anchors, prepared, image, config, detections, bands } = input;
  const classes = config.classes.length;
  requireShape('logits', forward.logits, anchors.count, classes);
  requireShape('deltas', forward.deltas, anchors.count, 4);
  requireShape('decoded boxes', input.decoded, anchors.count, 4);
  requireFinite('class logits', forward.logits, classes, anchors.levels);
  requireFinite('box deltas', forward.deltas, 4, anchors.levels);

  const { labels } = input.labels ?? noLabels;
  const mapping = mapClasses(input.labels ?? noLabels, config);
  const targets = labelTargets(labels, mapping.columns, prepared, image);
  const trainedBoxes = gatherBoxes(targets.boxes, targets.trained);
  const matching = matchAnchors(anchors.boxes, trainedBoxes, config);

  const buffer = allocateAnchorColumns(anchors.count);
  const columns = anchorColumns(buffer);
  assignLabels(matching, targets.trained, columns);
  columns.decoded.set(input.decoded);
  columns.boxRegression.set(boxLosses(forward.deltas, anchors.boxes, trainedBoxes, matching.matched, config));
  const classColumns = targetColumns(columns.state, columns.label, mapping.columns);
  const focal = assessFocalLoss(
    forward.logits,
    classes,
    columns.state,
    classColumns,
    anchors.levels,
    config.focal,
    bands,
    input.detail,
  );
  columns.pt.set(focal.losses.pt);
  columns.worstClass.set(focal.losses.worstClass);
  columns.crossEntropy.set(focal.losses.crossEntropy);
  columns.focal.set(focal.losses.focal);
  columns.worstLogit.set(focal.losses.gammaProfile.worstLogit);
  columns.targetLogit.set(focal.losses.gammaProfile.targetLogit);
  columns.tail.set(focal.losses.gammaProfile.tail);

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
  const count = (wanted: AnchorState): number =>
    columns.state.reduce((sum, state) => sum + (state === wanted ? 1 : 0), 0);
  const foreground = count(anchorState.foreground);
  const part: AnalysisPart = {
    input: inputInfo(prepared),
    anchors: {
      total: anchors.count,
      foreground,
      background: count(anchorState.background),
      ignored: count(anchorState.ignored),
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
      boxRegression: columns.boxRegression.reduce((sum, loss) => sum + loss, 0) / Math.max(1, foreground),
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
    notes: [...mapping.notes, ...labelNotes(input.labels, withoutOverlap, config)],
    columns: buffer,
  };
  return { part, evidence };
}

function inputInfo({ width, height, paddedWidth, paddedHeight, scaleX, scaleY }: PreparedImage): InputInfo {
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
