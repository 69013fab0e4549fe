/**
 * What a run over a data set takes and gives, and how its store is read. Boxes are x, y, width, height in original
 * image pixels. Losses are sums over anchors, unnormalised, where nothing else is said.
 */
import type { XywhBox } from '../common/boxes';
import type { BandThresholds, BreakdownGroup, IssueKind, LabelFileInfo, UncoveredReason } from './analysis';
import type { ModelRequest } from './modelRequest';

export interface AnalyzeDatasetRequest {
  readonly model: ModelRequest;
  /** A COCO JSON file, a Pascal VOC folder, a YOLO `data.yaml`, or a folder holding one of them. */
  readonly dataset: string;
  /** Of several data sets in one folder, the one of this format. */
  readonly format?: LabelFileInfo['format'];
  /** SQLite file; by default one in the folder `.focal-lens` of the data set's own. */
  readonly store?: string;
  /** Keeps what the store holds of images, labels and model that have not changed; otherwise everything is computed. */
  readonly resume: boolean;
  /** The first so many images only. */
  readonly limit?: number;
  /**
   * Absolute paths of the images to bring up to date in a store that an earlier run has made; it keeps what it has of the
   * others, and that run's record.
   */
  readonly images?: readonly string[];
  readonly bands: BandThresholds;
  /** Images with more pixels than this are refused. */
  readonly maxPixels: number;
}

export type DatasetStage = 'dataset' | 'model' | 'images';

export interface DatasetProgress {
  readonly stage: DatasetStage;
  /** Images dealt with, of all. */
  readonly done: number;
  readonly images: number;
  readonly computed: number;
  readonly reused: number;
  readonly failed: number;
  /** Images computed per second of late; 0 before there is a measure. */
  readonly perSecond: number;
  /** Undefined before there is a measure. */
  readonly secondsLeft: number | undefined;
}

export type DatasetRunState = 'running' | 'done' | 'cancelled' | 'failed';

export interface DatasetRunResult {
  readonly store: string;
  readonly state: 'done' | 'cancelled';
  readonly images: number;
  readonly computed: number;
  readonly reused: number;
  readonly failed: number;
  /** Images listed that are not there. */
  readonly missing: number;
  /** Classes without a column of the model, in the images computed. */
  readonly unmatched: readonly string[];
  readonly seconds: number;
}

/** Names a store for a query; the engine answers from the running run where that writes it. */
export interface StoreRequest {
  readonly store: string;
}

/** Where a page begins: after the row with this sort value and id. */
export interface PageCursor {
  readonly value: number;
  readonly id: number;
}

export interface PageRequest extends StoreRequest {
  /** At most 1000. */
  readonly limit: number;
  readonly after?: PageCursor;
}

export interface Page<T> {
  readonly rows: readonly T[];
  /** For the page that follows; undefined after the last one. */
  readonly next: PageCursor | undefined;
}

export interface RunInfo {
  readonly id: number;
  /** ISO 8601. */
  readonly started: string;
  readonly finished: string | undefined;
  /** `running` also for a run that was killed. */
  readonly state: DatasetRunState;
  readonly dataset: string;
  readonly model: string;
  readonly architecture: string;
  readonly parameters: number;
  readonly classes: readonly string[];
  readonly runtime: string;
  readonly provider: string;
  readonly providerReason: string;
  readonly notes: readonly string[];
  readonly gamma: number;
  readonly alpha: number;
  readonly boxLoss: string;
  readonly bands: BandThresholds;
  readonly images: number;
  readonly computed: number;
  readonly reused: number;
  readonly failed: number;
  readonly seconds: number;
}

export interface CategoryTotal {
  readonly id: number;
  readonly name: string;
  readonly labels: number;
  /** Labels that take no part in the loss. */
  readonly excluded: number;
  readonly uncovered: number;
  readonly anchors: number;
  readonly classification: number;
  readonly boxRegression: number;
}

export interface LevelTotal {
  readonly level: string;
  readonly anchors: number;
  readonly foreground: number;
  readonly crossEntropy: number;
  readonly focal: number;
}

export interface BandTotal {
  readonly group: BreakdownGroup;
  readonly anchors: number;
  readonly anchorShare: number;
  readonly crossEntropy: number;
  readonly crossEntropyShare: number;
  readonly focal: number;
  readonly focalShare: number;
}

/** A data set at a glance. */
export interface DatasetOverview {
  /** The latest run; undefined before the first. */
  readonly run: RunInfo | undefined;
  readonly images: number;
  readonly failed: number;
  readonly labels: number;
  readonly anchors: number;
  readonly foreground: number;
  /** Mean over images of what torchvision computes per image. */
  readonly meanClassification: number;
  readonly meanBoxRegression: number;
  readonly breakdown: readonly BandTotal[];
  readonly levels: readonly LevelTotal[];
  /** By descending loss. */
  readonly categories: readonly CategoryTotal[];
  readonly issues: readonly { readonly kind: IssueKind; readonly issues: number }[];
  /** Anchors by p_t in equal parts of [0, 1]. */
  readonly ptHistogram: { readonly foreground: readonly number[]; readonly background: readonly number[] };
}

/** Where something is: in which image, and at which place of a label file. Paths are absolute. */
export interface StoredSource {
  readonly file: string;
  /** 0-based. */
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

export interface StoredImage {
  readonly id: number;
  readonly file: string;
  readonly name: string;
  readonly split: string | undefined;
  readonly width: number;
  readonly height: number;
  readonly labels: number;
  readonly detections: number;
  readonly issues: number;
  readonly foreground: number;
  /** Divided by max(1, foreground anchors): torchvision's losses; `loss` is their sum. */
  readonly classification: number;
  readonly boxRegression: number;
  readonly loss: number;
  /** Where a level or band was asked for: the focal loss of its anchors, their raw sum. */
  readonly part?: number;
}

export interface FailedImage {
  readonly id: number;
  readonly file: string;
  readonly error: string;
}

export interface StoredLabel {
  readonly id: number;
  /** The image's file. */
  readonly image: string;
  readonly label: string;
  readonly category: string;
  readonly bbox: XywhBox;
  readonly source: StoredSource | undefined;
  readonly excluded: string | undefined;
  readonly anchors: number;
  readonly bestIou: number;
  readonly uncovered: UncoveredReason;
  readonly meanPt: number | null;
  readonly minPt: number | null;
  readonly classification: number;
  readonly boxRegression: number;
  /** Their sum. */
  readonly loss: number;
  readonly bestDetection: { readonly iou: number; readonly score: number } | null;
}

export interface StoredIssue {
  readonly id: number;
  readonly image: string;
  readonly kind: IssueKind;
  readonly score: number;
  readonly label: string | null;
  readonly source: StoredSource | undefined;
  readonly bbox: XywhBox;
  readonly category: string | null;
  readonly suggestedCategory: string | null;
  readonly suggestedBbox: XywhBox | null;
  readonly evidence: string;
}

/** Background that costs much: the strongest anchor's box, and what all background anchors centred in it carry. */
export interface StoredPlace {
  readonly id: number;
  readonly image: string;
  readonly bbox: XywhBox;
  readonly level: string;
  readonly category: string;
  readonly pt: number;
  readonly anchors: number;
  readonly focal: number;
}

/** A label among those of its class and among all. */
export interface LabelStanding {
  readonly label: StoredLabel;
  /** 1 for the label with the most loss. */
  readonly rank: number;
  readonly labels: number;
  readonly rankInCategory: number;
  readonly labelsOfCategory: number;
  /** Loss of the middle label of the class. */
  readonly categoryMedian: number;
  readonly issues: readonly StoredIssue[];
}

/** What is suspected of an image, and which analysis says so. */
export interface ImageIssues {
  /** The image's file. */
  readonly image: string;
  /** Another one once the image, its labels or the model are others. */
  readonly analysis: string;
  /** By descending score. */
  readonly issues: readonly StoredIssue[];
}

/** Narrows lists to what all of it holds for. A list of rows that have no class is not narrowed by one. */
export interface ListFilter {
  /** Name of the class: of a label or place, either of a suspicion's, or one that an image has labels of. */
  readonly category?: string;
  /** Part of the image's path in the data set, with `/` between its parts; the case of ASCII letters aside. */
  readonly image?: string;
  /** Pyramid level: of background, that of its strongest anchor. Images come by the focal loss that it carries. */
  readonly level?: string;
  /** Images come by the focal loss that this group of anchors carries; nothing else is narrowed. */
  readonly band?: BreakdownGroup;
}

interface FilteredPage extends PageRequest {
  readonly filter?: ListFilter;
}

/** Ids of issues that are left out. */
interface WithoutIssues {
  readonly without?: readonly number[];
}

/** Lists of a store. */
export interface ListMethods {
  /** By descending loss; with `uncovered`, those that no anchor is matched to, by ascending best IoU. */
  storedLabels: {
    params: FilteredPage & { readonly category?: number; readonly uncovered?: boolean };
    result: Page<StoredLabel>;
  };
  /** By descending loss, or by that of the level or band that the filter names. */
  storedImages: { params: FilteredPage; result: Page<StoredImage> };
  failedImages: { params: FilteredPage; result: Page<FailedImage> };
  /** By descending score. */
  storedIssues: {
    params: FilteredPage & WithoutIssues & { readonly kind?: IssueKind };
    result: Page<StoredIssue>;
  };
  /** How many of each kind there are, those that are many first. */
  issueCounts: {
    params: StoreRequest & WithoutIssues & { readonly filter: ListFilter };
    result: DatasetOverview['issues'];
  };
  /** By descending focal loss. */
  storedPlaces: { params: FilteredPage; result: Page<StoredPlace> };
}

/** Questions about a store. */
export interface StoreMethods extends ListMethods {
  datasetOverview: { params: StoreRequest; result: DatasetOverview };
  /** Of at most 1000 images; those that are not in the store or failed are left out. */
  issuesOfImages: {
    params: StoreRequest & { readonly images: readonly string[] };
    result: readonly ImageIssues[];
  };
  /** What is known of one image, null where it is not in the store: labels in the order they are written. */
  storedImage: {
    params: StoreRequest & { readonly image: string };
    result: {
      readonly image: StoredImage;
      readonly labels: readonly StoredLabel[];
      readonly issues: readonly StoredIssue[];
    } | null;
  };
  labelStanding: {
    params: StoreRequest & { readonly image: string; readonly label: string };
    result: LabelStanding | null;
  };
}
