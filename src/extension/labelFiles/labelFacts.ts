/** What is known about the labels in a label file, whatever it was learnt from. */
import type { Disposable } from '../../common/disposables';
import type {
  BandThresholds,
  Detection,
  ImageInfo,
  LabelFileInfo,
  LabelIssue,
  LabelSummary,
} from '../../protocol/analysis';

/** An analyzed image without its per-anchor data. */
export interface ImageFacts {
  readonly image: ImageInfo;
  /** Names the analysis in requests to the engine; undefined where the engine never had it. */
  readonly analysisId: string | undefined;
  /** The checkpoint: numbers of different ones do not compare. */
  readonly model: string;
  readonly labelFile: LabelFileInfo;
  /** torchvision's classification loss of the image. */
  readonly classification: number;
  readonly bands: BandThresholds;
  readonly labels: readonly LabelSummary[];
  readonly detections: readonly Detection[];
  readonly issues: readonly LabelIssue[];
}

/** How a label's focal loss compares with that of other labels. */
export interface Standing {
  /** 1 for the largest loss, among `of` labels in `images` images. */
  readonly rank: number;
  readonly of: number;
  readonly images: number;
  /** Of the labels of the same class, and how many these are. */
  readonly classMedian: number;
  readonly classLabels: number;
}

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
  /** The label with the next smaller loss, over all images that compare. */
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
