/** What is known about the labels in a label file, whatever it was learnt from. */
import type { Disposable } from '../../common/disposables';
import type { BandThresholds, ImageInfo, LabelFileInfo, LabelIssue, LabelSummary } from '../../protocol/analysis';
import type { KnownDetection, LossStanding } from '../../protocol/labelFactsStore';

/** An analyzed image without its per-anchor data. */
export interface ImageFacts {
  readonly image: ImageInfo;
  /** Names the analysis in requests to the engine; undefined for what was read from the store of a data set. */
  readonly analysisId: string | undefined;
  /** The checkpoint: numbers of different ones do not compare. */
  readonly model: string;
  readonly labelFile: LabelFileInfo;
  /** torchvision's classification loss of the image. */
  readonly classification: number;
  readonly bands: BandThresholds;
  readonly labels: readonly LabelSummary[];
  readonly detections: readonly KnownDetection[];
  readonly issues: readonly LabelIssue[];
  /** Of the labels among those of the whole data set, where not all of it is known here. */
  readonly standings?: readonly (Standing | null)[] | undefined;
}

/** Of which part of a label file something is known. */
export interface Coverage {
  readonly images: number;
  /** Images of the data set. */
  readonly of: number;
}

/** How a label's focal loss compares with that of other labels. */
export type Standing = LossStanding;

/** Names a label: the image and the label's index among those of the image. */
export interface LabelRef {
  readonly image: string;
  readonly index: number;
}

/** Where facts come from. Everything is answered at once or not at all: what is not known may become known. */
export interface LabelFactsSource {
  /** The analyzed images whose labels are written in a file. */
  imagesOf(labelFile: string): readonly ImageFacts[];
  imageAt(image: string): ImageFacts | undefined;
  /** Undefined for a label that takes no part in the loss. */
  standingOf(label: LabelRef): Standing | undefined;
  /** The label with the next smaller loss, over all images that compare and are known. */
  nextWorst(label: LabelRef): LabelRef | undefined;
  /** Calls with each label file whose facts have changed. */
  onDidChange(listener: (labelFile: string) => void): Disposable;
}

/** Suspicions about one label. */
export function issuesOf(image: ImageFacts, label: LabelSummary): readonly LabelIssue[] {
  return image.issues.filter(issue => issue.labelId === label.id);
}

/** The file an image's labels are written in. */
export function mainFile(image: ImageFacts): string | undefined {
  return image.labelFile.files[0];
}
