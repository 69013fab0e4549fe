import type { ImageLabels } from '../dataset/labels';
import type { Anchors, Detections, ForwardResult, ModelConfig, PreparedImage } from '../model/types';
import {
  anchorState,
  type Analysis,
  type BandThresholds,
  type Detection,
  type LabelFileInfo,
} from '../protocol/analysis';
import { allocateAnchorColumns, anchorColumns, type AnchorColumns } from '../protocol/anchorColumns';
import { boxLosses } from './boxLoss';
import { mapClasses } from './classMapping';
import { anchorShapes, uncoveredReason } from './coverage';
import { assessFocalLoss, targetColumns } from './focalAssessment';
import { labelIssues } from './labelIssues';
import { finiteXywh, labelSummaries, type LabelMatch } from './labelSummaries';
import { labelTargets } from './labelTargets';
import { matchAnchors, type Matching } from './matching';
import { matchState } from './matchState';
import { requireFinite } from './requireFinite';
import { counted, quoted, quotedList } from './wording';

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
  const { forward, anchors, prepared, image, config, detections, bands } = input;
  const classes = config.classes.length;
  requireShape('logits', forward.logits, anchors.count, classes);
  requireShape('deltas', forward.deltas, anchors.count, 4);
  requireShape('decoded boxes', input.decoded, anchors.count, 4);
  requireFinite('class logits', forward.logits, classes, anchors.levels);
  requireFinite('box deltas', forward.deltas, 4, anchors.levels);

  const { labels } = input.labels ?? noLabels;
  const mapping = input.labels === undefined ? undefined : mapClasses(input.labels, config);
  const labelColumns = mapping?.columns ?? new Int32Array(0);
  const targets = labelTargets(labels, labelColumns, prepared, image);
  const trainedBoxes = gatherBoxes(targets.boxes, targets.trained);
  const matching = matchAnchors(anchors.boxes, trainedBoxes, config);

  const buffer = allocateAnchorColumns(anchors.count);
  const columns = anchorColumns(buffer);
  assignLabels(matching, targets.trained, columns);
  columns.iou.set(matching.iou);
  columns.decoded.set(input.decoded);
  columns.boxRegression.set(boxLosses(forward.deltas, anchors.boxes, trainedBoxes, matching.matched, config));
  const assessment = assessFocalLoss(
    forward.logits,
    classes,
    columns.state,
    targetColumns(columns.state, columns.label, labelColumns),
    anchors.levels,
    config.focal,
    bands,
  );
  columns.pt.set(assessment.losses.pt);
  columns.worstClass.set(assessment.losses.worstClass);
  columns.crossEntropy.set(assessment.losses.crossEntropy);
  columns.focal.set(assessment.losses.focal);

  const shapes = anchorShapes(anchors.levels);
  const excluded = [...targets.excluded];
  const match: (LabelMatch | undefined)[] = labels.map(() => undefined);
  targets.trained.forEach((label, i) => {
    const bestIou = matching.labelIou[i];
    const bestAnchor = matching.labelAnchor[i];
    const box = trainedBoxes.subarray(i * 4, i * 4 + 4);
    const contested = bestAnchor >= 0 && matching.bestLabel[bestAnchor] !== i;
    const reason = uncoveredReason(box, prepared, shapes, bestIou, contested, config.fgIou);
    match[label] = { bestIou, bestAnchor, reason };
    if (bestAnchor < 0) excluded[label] = 'no anchor overlaps it';
  });
  const summaries = labelSummaries(labels, labelColumns, excluded, match, columns, matching.byLowQuality, detections);
  const matchingInfo = {
    foreground: config.fgIou,
    background: config.bgIou,
    allowLowQualityMatches: config.allowLowQualityMatches,
  };
  const count = (wanted: number): number => columns.state.reduce((sum, state) => sum + (state === wanted ? 1 : 0), 0);
  const foreground = count(anchorState.foreground);
  const divisor = Math.max(1, foreground);
  const boxRegression = columns.boxRegression.reduce((sum, loss) => sum + loss, 0) / divisor;
  return {
    input: {
      width: prepared.width,
      height: prepared.height,
      paddedWidth: prepared.paddedWidth,
      paddedHeight: prepared.paddedHeight,
      scale: [prepared.scaleY, prepared.scaleX],
    },
    anchors: {
      total: anchors.count,
      foreground,
      background: count(anchorState.background),
      ignored: count(anchorState.ignored),
      levels: anchors.levels.map((level, i) => ({
        ...level,
        baseAnchors: Array.from(level.baseAnchors),
        ...assessment.levels[i],
      })),
    },
    loss: {
      gamma: config.focal.gamma,
      alpha: config.focal.alpha,
      classification: assessment.classification,
      boxRegression,
      boxLoss: config.boxLoss,
      foregroundCount: foreground,
    },
    bands,
    matching: matchingInfo,
    breakdown: assessment.breakdown,
    curves: assessment.curves,
    labels: summaries,
    labelFile: input.labels && labelFileInfo(input.labels),
    detections: listDetections(detections, config.classes),
    issues: labelIssues(labels, summaries, {
      boxes: targets.boxes,
      shapes,
      matching: matchingInfo,
      anchorLabels: columns.label,
    }),
    notes: [...(mapping?.notes ?? []), ...labelNotes(input, matching, targets.trained)],
    columns: buffer,
  };
}

/** Writes each anchor's state and label, labels numbered as they are written. */
function assignLabels({ matched, bestLabel }: Matching, trained: Int32Array, { state, label }: AnchorColumns): void {
  for (let anchor = 0; anchor < matched.length; anchor++) {
    const match = matched[anchor];
    const best = match >= 0 ? match : bestLabel[anchor];
    label[anchor] = best >= 0 ? trained[best] : -1;
    if (match >= 0) state[anchor] = anchorState.foreground;
    else state[anchor] = match === matchState.ignored ? anchorState.ignored : anchorState.background;
  }
}

function gatherBoxes(boxes: Float32Array, indices: Int32Array): Float32Array {
  const gathered = new Float32Array(indices.length * 4);
  indices.forEach((index, i) => gathered.set(boxes.subarray(index * 4, index * 4 + 4), i * 4));
  return gathered;
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

function labelNotes({ labels, config }: AnalyzeInput, { withoutOverlap }: Matching, trained: Int32Array): string[] {
  if (labels === undefined) return ['No label file was found: every anchor counts as background.'];
  const notes: string[] = [];
  if (labels.labels.length === 0) notes.push('The image has no labels: every anchor is background.');
  const crowds = labels.labels.filter(label => label.crowd).length;
  if (crowds > 0) notes.push(`${counted(crowds, 'crowd annotation')} left out of matching and loss.`);
  if (withoutOverlap.length > 0 && config.allowLowQualityMatches) {
    const names = withoutOverlap.map(label => labels.labels[trained[label]].id);
    notes.push(
      `No anchor overlaps ${names.length === 1 ? 'label' : 'labels'} ${quotedList(names)}: in torchvision's training the ` +
        'low-quality rule then turns every anchor of the image into foreground; here it is left out.',
    );
  }
  return notes;
}

function requireShape(name: string, values: Float32Array, anchors: number, width: number): void {
  if (values.length === anchors * width) return;
  throw new RangeError(`${values.length} ${quoted(name)} for ${anchors} anchors of ${width}`);
}
