import type { CornerBox } from '../../src/common/boxes';
import type { ImageLabels } from '../../src/dataset/labels';
import type { Anchors, Detections, ForwardResult, ModelConfig, PreparedGeometry } from '../../src/model/types';
import type { AnalysisPart } from '../../src/analysis/analyze';
import type { IssueEvidence } from '../../src/analysis/issues/issueEvidence';

/** The published protocol's kinds of label errors (arXiv 2303.06999), and duplicates. */
export const errorKinds = ['drop', 'flip', 'shift', 'spawn', 'duplicate'] as const;
export type ErrorKind = (typeof errorKinds)[number];

export interface PlantedError {
  readonly kind: ErrorKind;
  /** Labels of the image that are wrong now; either of a pair of duplicates. Empty for a dropped one. */
  readonly labelIds: readonly string[];
  /** Original image pixels: the dropped, moved, flipped, spawned or copied box as it is now, or was. */
  readonly box: CornerBox;
}

/** Everything about one image that does not depend on its labels. */
export interface ImageForward {
  readonly file: string;
  readonly image: { readonly width: number; readonly height: number };
  readonly prepared: PreparedGeometry;
  readonly forward: ForwardResult;
  readonly anchors: Anchors;
  readonly detections: Detections;
  /** Original image pixels, 4 per anchor. */
  readonly decoded: Float32Array;
}

/** One image as every method sees it. */
export interface Scene extends ImageForward {
  readonly config: ModelConfig;
  readonly labels: ImageLabels;
  readonly analysis: AnalysisPart;
  readonly evidence: IssueEvidence;
}

/** An entry of a method's ranked list. Higher scores come first. */
export interface Suspicion {
  /** Null for an object without a label. */
  readonly labelId: string | null;
  readonly box: CornerBox;
  readonly score: number;
  /** What the method says is wrong; null when it only says that something is. */
  readonly kind: ErrorKind | null;
}

export interface Method {
  readonly name: string;
  suspicions(scene: Scene): readonly Suspicion[];
  /** Its ranking by one kind of error, where that differs from the entries of that kind in its list. */
  ofKind?(scene: Scene, kind: ErrorKind): readonly Suspicion[];
  /** Score of the image as a whole; the highest score of its suspicions where left out. */
  imageScore?(scene: Scene): number;
}
