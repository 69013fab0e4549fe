/**
 * What an analysis of one image consists of. Everything here is JSON but `columns`, one ArrayBuffer
 * holding the per-anchor columns (see `anchorColumns.ts`). Boxes are x, y, width, height in original
 * image pixels unless a name says otherwise.
 */
import type { XywhBox } from '../common/boxes';

export const anchorState = { foreground: 1, background: 0, ignored: -2 } as const;
export type AnchorState = (typeof anchorState)[keyof typeof anchorState];

export interface ImageInfo {
  readonly file: string;
  /** Pixels as stored; EXIF rotation is not applied. */
  readonly width: number;
  readonly height: number;
}

export interface ModelInfo {
  readonly file: string;
  /** Such as `RetinaNet ResNet-50 FPN v1`. */
  readonly architecture: string;
  readonly parameters: number;
  /** Names by class column; column 0 is usually `__background__`. */
  readonly classes: readonly string[];
  readonly runtime: string;
  readonly provider: string;
  /** Why this provider runs, in a sentence. */
  readonly providerReason: string;
  /** What the user should know about the model, such as an overridden batch-norm eps or unnamed classes. */
  readonly notes: readonly string[];
}

export interface InputInfo {
  /** Resized image inside the network input, pixels. */
  readonly width: number;
  readonly height: number;
  readonly paddedWidth: number;
  readonly paddedHeight: number;
  /** Resized over original, per axis. */
  readonly scale: readonly [y: number, x: number];
}

export interface LevelInfo {
  readonly name: string;
  /** Network input pixels. An anchor of cell (y, x) is centred at (x * stride x, y * stride y). */
  readonly stride: readonly [y: number, x: number];
  readonly grid: readonly [height: number, width: number];
  /** Index of the level's first anchor; anchors run in (y, x, anchor) order. */
  readonly offset: number;
  readonly count: number;
  /** Base anchors, 4 numbers each: x1, y1, x2, y2 relative to the centre, network input pixels. */
  readonly baseAnchors: readonly number[];
  /** Nominal size (network input pixels) and aspect ratio (height / width) of each base anchor. */
  readonly sizes: readonly number[];
  readonly ratios: readonly number[];
  readonly foreground: number;
  /** Sums over the level's anchors, unnormalised. */
  readonly focal: number;
  readonly crossEntropy: number;
}

export interface LossInfo {
  readonly gamma: number;
  /** Weight of foreground terms; negative means no alpha weighting, as in torchvision. */
  readonly alpha: number;
  /** Focal loss and box loss divided by max(1, foregroundCount): torchvision's two losses. */
  readonly classification: number;
  readonly boxRegression: number;
  readonly boxLoss: 'l1' | 'smooth_l1' | 'giou';
  readonly foregroundCount: number;
}

export const breakdownGroups = [
  'background/easy',
  'background/moderate',
  'background/hard',
  'foreground/easy',
  'foreground/moderate',
  'foreground/hard',
  'ignored',
] as const;
export type BreakdownGroup = (typeof breakdownGroups)[number];

export interface BreakdownRow {
  readonly group: BreakdownGroup;
  readonly anchors: number;
  /** Of all anchors, in [0, 1]. */
  readonly anchorShare: number;
  readonly crossEntropy: number;
  readonly crossEntropyShare: number;
  readonly focal: number;
  readonly focalShare: number;
}

export interface BandThresholds {
  /** Easy at p_t >= easy. */
  readonly easy: number;
  /** Hard at p_t < hard. */
  readonly hard: number;
}

/** IoU thresholds of matching: foreground from `foreground` on, background below `background`, ignored between. */
export interface MatchingInfo {
  readonly foreground: number;
  readonly background: number;
  readonly allowLowQualityMatches: boolean;
}

export const defaultBands: BandThresholds = { easy: 0.9, hard: 0.5 };

/** Cumulative share of the loss against the share of anchors, easiest first: Figure 4 of arXiv 1708.02002. */
export interface LossCurve {
  readonly gamma: number;
  /** Share of anchors and share of loss, both ascending from 0 to 1, at most 256 points. */
  readonly anchors: readonly number[];
  readonly loss: readonly number[];
}

export interface LossCurves {
  readonly foreground: readonly LossCurve[];
  readonly background: readonly LossCurve[];
}

export interface TextPosition {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** 0-based. */
  readonly line: number;
  readonly column: number;
}

/**
 * Why no anchor is matched to a label; `none` when one is. `position`: an anchor of its shape exists, but none
 * near enough; `contested`: the anchors that fit it overlap another label more; `outside`: not in the image.
 */
export type UncoveredReason = 'none' | 'tooSmall' | 'tooLarge' | 'aspectRatio' | 'position' | 'contested' | 'outside';

export interface DetectionMatch {
  readonly detection: number;
  readonly iou: number;
  readonly score: number;
}

/** Ground truth with what the anchors say about it. Labels that take no part in the loss carry `excluded`. */
export interface LabelSummary {
  readonly id: string;
  readonly category: string;
  /** Class column of the model, or -1 where the model has none. */
  readonly column: number;
  readonly bbox: XywhBox;
  readonly source: TextPosition | undefined;
  /** Why the label takes no part in matching and loss, in words; undefined when it does. */
  readonly excluded: string | undefined;
  /** Foreground anchors assigned to the label. */
  readonly anchors: number;
  /** Of these, at or above the foreground threshold, and by the low-quality rule only. */
  readonly anchorsByThreshold: number;
  readonly anchorsByLowQuality: number;
  /** Highest IoU of any anchor. */
  readonly bestIou: number;
  readonly bestAnchor: number;
  readonly uncovered: UncoveredReason;
  /** Why no anchor reaches the foreground threshold, for a label with anchors by the low-quality rule only. */
  readonly lowQualityReason?: UncoveredReason;
  /** Null without foreground anchors. */
  readonly meanPt: number | null;
  readonly minPt: number | null;
  /** Sums over the label's foreground anchors, unnormalised. */
  readonly classification: number;
  readonly boxRegression: number;
  /** Best detection by IoU: of the label's own class, and of any class. */
  readonly bestDetection: DetectionMatch | null;
  readonly bestAnyDetection: DetectionMatch | null;
}

export interface Detection {
  readonly bbox: XywhBox;
  readonly category: string;
  readonly column: number;
  readonly score: number;
}

export const issueKinds = [
  'missing',
  'spurious',
  'wrongClass',
  'badBox',
  'duplicate',
  'degenerate',
  'uncovered',
] as const;
export type IssueKind = (typeof issueKinds)[number];

/** A suspicion about a label. `score` is in [0, 1]; 1 is most likely wrong. */
export interface LabelIssue {
  readonly kind: IssueKind;
  readonly score: number;
  readonly labelId: string | null;
  readonly bbox: XywhBox;
  readonly category: string | null;
  readonly suggestedCategory: string | null;
  readonly suggestedBbox: XywhBox | null;
  /** One sentence in words and numbers. */
  readonly evidence: string;
}

export interface Timings {
  readonly decode: number;
  readonly prepare: number;
  readonly forward: number;
  readonly analyse: number;
  readonly total: number;
}

export interface LabelFileInfo {
  readonly format: 'coco' | 'voc' | 'yolo';
  readonly files: readonly string[];
  /** Malformed entries that were skipped, one line each with file and line. */
  readonly problems: readonly string[];
}

export interface Analysis {
  readonly image: ImageInfo;
  readonly model: ModelInfo;
  readonly input: InputInfo;
  readonly anchors: {
    readonly total: number;
    readonly foreground: number;
    readonly background: number;
    readonly ignored: number;
    readonly levels: readonly LevelInfo[];
  };
  readonly loss: LossInfo;
  readonly bands: BandThresholds;
  /** What the model card says of matching; torchvision's 0.5, 0.4 and true where it is left out. */
  readonly matching?: MatchingInfo;
  readonly breakdown: readonly BreakdownRow[];
  readonly curves: LossCurves;
  readonly labels: readonly LabelSummary[];
  /** Undefined when no label file was found: the image is then all background, and marked so. */
  readonly labelFile: LabelFileInfo | undefined;
  readonly detections: readonly Detection[];
  readonly issues: readonly LabelIssue[];
  /** Mismatches between data set and model, oddities of the image: one sentence each. */
  readonly notes: readonly string[];
  readonly milliseconds: Timings;
  readonly columns: ArrayBuffer;
}

/** One class column of one anchor. */
export interface AnchorTerm {
  readonly column: number;
  readonly category: string;
  readonly target: 0 | 1;
  readonly logit: number;
  readonly probability: number;
  readonly crossEntropy: number;
  readonly focal: number;
}

/** What a click on an anchor shows beyond the columns. */
export interface AnchorInspection {
  readonly anchor: number;
  /** At most ten terms, by descending focal loss. */
  readonly terms: readonly AnchorTerm[];
}
