import { iou, toCorners, type CornerBox } from '../common/boxes';
import type { Detection, LabelSummary } from './analysis';

/**
 * What a detection is worth, in the bins of TIDE (Bolya et al., arXiv 2008.08115); each detection is in exactly one.
 * `both`: wrong class and badly placed. `ignored`: it lies on a label that takes no part, so nobody can say.
 */
export const verdictKinds = [
  'truePositive',
  'badlyPlaced',
  'wrongClass',
  'duplicate',
  'both',
  'background',
  'ignored',
] as const;
export type VerdictKind = (typeof verdictKinds)[number];

export interface DetectionVerdict {
  readonly kind: VerdictKind;
  /** Index of the label that the verdict speaks of; null for background. */
  readonly label: number | null;
  /** Overlap with that label; for background, with whichever label overlaps most. */
  readonly iou: number;
}

/** TIDE's defaults: IoU from which a detection finds an object, and up to which it lies on background. */
export const verdictThresholds = { foreground: 0.5, background: 0.1 } as const;

/**
 * One verdict per detection, by index. Labels are given away greedily, highest score first, so leaving out detections
 * below a score changes no other verdict. Classes are compared by the model's column. Ties go to the lower index.
 *
 * Reference: `TIDEExample._run` and `TIDERun._eval_image` of tidecv, whose crowd regions are our excluded labels.
 */
export function detectionVerdicts(
  detections: readonly Detection[],
  labels: readonly LabelSummary[],
  thresholds: { readonly foreground: number; readonly background: number } = verdictThresholds,
): DetectionVerdict[] {
  const boxes = labels.map(label => toCorners(label.bbox));
  const overlaps = detections.map(({ bbox }) => {
    const box = toCorners(bbox);
    return labels.map((label, i) => (label.excluded === undefined ? iou(box, boxes[i]) : 0));
  });
  const used = matchGreedily(detections, labels, overlaps, thresholds.foreground);
  const taken = new Set(used.filter(label => label !== -1));
  return detections.map((detection, d): DetectionVerdict => {
    const best = (accept: (label: LabelSummary, index: number) => boolean) => bestOf(overlaps[d], labels, accept);
    const verdict = (kind: VerdictKind, label: number): DetectionVerdict => ({
      kind,
      label: label === -1 ? null : label,
      iou: overlaps[d][label] ?? 0,
    });
    const own = used[d];
    if (own !== -1) return verdict('truePositive', own);
    const ignored = labels.findIndex(
      (label, i) => concerns(label, detection) && covered(toCorners(detection.bbox), boxes[i]) > thresholds.foreground,
    );
    if (ignored !== -1) return { kind: 'ignored', label: ignored, iou: iou(toCorners(detection.bbox), boxes[ignored]) };

    const same = best(label => label.column === detection.column);
    const sameIou = overlaps[d][same] ?? 0;
    if (sameIou >= thresholds.background && sameIou <= thresholds.foreground) return verdict('badlyPlaced', same);
    const other = best(label => label.column !== detection.column);
    if ((overlaps[d][other] ?? 0) >= thresholds.foreground) return verdict('wrongClass', other);
    const again = best((label, i) => label.column === detection.column && taken.has(i));
    if ((overlaps[d][again] ?? 0) >= thresholds.foreground) return verdict('duplicate', again);
    const any = best(() => true);
    const most = overlaps[d][any] ?? 0;
    return most <= thresholds.background ? { kind: 'background', label: null, iou: most } : verdict('both', any);
  });
}

/**
 * Indices of the labels that no detection from `scoreThreshold` on finds, not even with another class or a badly
 * placed box: TIDE's missed ground truth.
 */
export function missedLabels(
  detections: readonly Detection[],
  labels: readonly LabelSummary[],
  verdicts: readonly DetectionVerdict[],
  scoreThreshold: number,
): number[] {
  const found = new Set<number>();
  verdicts.forEach(({ kind, label }, d) => {
    if (label === null || detections[d].score < scoreThreshold) return;
    if (kind === 'truePositive' || kind === 'badlyPlaced' || kind === 'wrongClass') found.add(label);
  });
  return labels.flatMap((label, i) => (label.excluded === undefined && !found.has(i) ? [i] : []));
}

/** The label each detection finds, or -1. */
function matchGreedily(
  detections: readonly Detection[],
  labels: readonly LabelSummary[],
  overlaps: readonly (readonly number[])[],
  foreground: number,
): number[] {
  const order = detections.map((_, d) => d).sort((a, b) => detections[b].score - detections[a].score || a - b);
  const matched = new Array<number>(detections.length).fill(-1);
  const free = new Set(labels.keys());
  for (const d of order) {
    const label = bestOf(overlaps[d], labels, ({ column }, i) => column === detections[d].column && free.has(i));
    if ((overlaps[d][label] ?? 0) < foreground) continue;
    matched[d] = label;
    free.delete(label);
  }
  return matched;
}

/** Index of the largest overlap above 0 among the accepted labels, or -1. */
function bestOf(
  overlaps: readonly number[],
  labels: readonly LabelSummary[],
  accept: (label: LabelSummary, index: number) => boolean,
): number {
  let best = -1;
  for (let i = 0; i < labels.length; i++) {
    if (overlaps[i] > (best === -1 ? 0 : overlaps[best]) && accept(labels[i], i)) best = i;
  }
  return best;
}

/** Whether an excluded label may stand for the detection's object: of its class, or of one the model does not know. */
function concerns({ excluded, column }: LabelSummary, detection: Detection): boolean {
  return excluded !== undefined && (column === detection.column || column === -1);
}

/** Share of `box` that lies on `region`. */
function covered(box: CornerBox, region: CornerBox): number {
  const width = Math.min(box[2], region[2]) - Math.max(box[0], region[0]);
  const height = Math.min(box[3], region[3]) - Math.max(box[1], region[1]);
  const area = (box[2] - box[0]) * (box[3] - box[1]);
  return width <= 0 || height <= 0 || area <= 0 ? 0 : (width * height) / area;
}
