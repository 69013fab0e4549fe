/** What label files show of a store: images with all their labels, as an analysis of each would give them. */
import type { XywhBox } from '../common/boxes';
import type { Detection, ImageInfo, LabelIssue, LabelSummary } from './analysis';
import type { StoredSource, StoreRequest } from './dataset';

/** A detection of which a store keeps how well it fits a label, but not always where it is, nor of which class. */
export interface KnownDetection extends Pick<Detection, 'score'> {
  readonly category: string | undefined;
  readonly bbox: XywhBox | undefined;
}

/** How a label's focal loss compares with that of other labels that take part in the loss. */
export interface LossStanding {
  /** 1 for the largest loss, among `of` labels in `images` images. */
  readonly rank: number;
  readonly of: number;
  readonly images: number;
  /** Of the labels of the same class, and how many these are. */
  readonly classMedian: number;
  readonly classLabels: number;
}

export interface StoredFacts {
  readonly image: ImageInfo;
  /** torchvision's classification loss of the image. */
  readonly classification: number;
  readonly labels: readonly LabelSummary[];
  /** Those that {@link LabelSummary.bestDetection} names. */
  readonly detections: readonly KnownDetection[];
  readonly issues: readonly LabelIssue[];
  /** By label; null for one that takes no part in the loss. Undefined where it was not asked for. */
  readonly standings: readonly (LossStanding | null)[] | undefined;
}

/** A label of an image by its index among those, and where it is written. */
interface LabelPlace {
  readonly image: string;
  readonly index: number;
}

export interface NextWorst extends LabelPlace {
  readonly source: StoredSource | undefined;
}

export interface LabelFactsStoreMethods {
  /** Of those of at most 1000 images that are in the store, as long as they have no more labels together than this. */
  storedFacts: {
    params: StoreRequest & {
      readonly images: readonly string[];
      readonly maxLabels: number;
      readonly ranked: boolean;
    };
    result: readonly StoredFacts[];
  };
  /**
   * The label with the next smaller classification loss among all that take part in the loss, or the worst one; each is
   * met once. Null where the store does not know the label to go on from.
   */
  nextWorst: { params: StoreRequest & { readonly after?: LabelPlace }; result: NextWorst | 'last' | null };
  /** Files of images, those with the strongest suspicions first, then by descending loss; how many there are in all. */
  notableImages: {
    params: StoreRequest & { readonly limit: number };
    result: { readonly images: readonly string[]; readonly of: number; readonly labels: number };
  };
}
