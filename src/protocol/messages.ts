/**
 * The methods of both hops (extension host to engine, webview to extension host), as maps from a method's
 * name to its parameters and result. `common/messageHandler` carries them.
 */
import type { PassTiming, ProviderCheck } from '../common/providerCheck';
import type { XywhBox } from '../common/boxes';
import type { Analysis, AnchorInspection, BandThresholds, ModelInfo } from './analysis';
import type { BenchmarkOutcome, BenchmarkRequest } from './benchmark';
import type { ClassMappingMethods } from './classMapping';
import type { DatasetMethods } from './datasetMethods';
import type { ModelRequest } from './modelRequest';
import type { ProviderPhase } from './providerPhase';

export interface AnalyzeRequest {
  readonly model: ModelRequest;
  readonly image: string;
  /** Label file or folder; by default found from the image's path. */
  readonly labels?: string;
  readonly bands: BandThresholds;
  /** Images with more pixels than this are refused. */
  readonly maxPixels: number;
}

export interface AnalyzeResult {
  /** Names this analysis in later requests; the engine forgets the oldest ones beyond its memory bound. */
  readonly id: string;
  readonly analysis: Analysis;
}

/** An image a browser shows with the same pixels as the engine decoded. */
export interface DisplayImage {
  /** The image itself where a browser shows it faithfully, else a PNG the engine wrote to `cacheFolder`. */
  readonly file: string;
}

/** A part of an image around a box, as a picture for a hover. */
export interface CropRequest {
  readonly image: string;
  readonly maxPixels: number;
  /** The analysis whose focal loss is laid over; without, or once the engine has forgotten it, the picture is plain. */
  readonly analysis?: string;
  readonly box: XywhBox;
  /** Bounds on the picture's size, pixels. */
  readonly bounds: { readonly width: number; readonly height: number };
  /** Boxes drawn, the last one on top. `color` is `#rrggbb`. */
  readonly outlines: readonly { readonly bbox: XywhBox; readonly color: string; readonly dashed: boolean }[];
}

export interface ImageCrop {
  /** A data URI. */
  readonly uri: string;
  readonly width: number;
  readonly height: number;
  /** Whether the focal loss is laid over. */
  readonly heat: boolean;
}

/** A crop, and the part of the image that it shows: whole pixels. */
export interface PlacedCrop extends ImageCrop {
  readonly region: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
}

/** A crop with the focal loss laid over, of an image that is analyzed for it where that has not been done. */
export interface AnalyzedCropRequest
  extends Omit<CropRequest, 'analysis'>, Pick<AnalyzeRequest, 'model' | 'labels' | 'bands'> {
  /** Another one once the image, its labels or the model may be others. */
  readonly version: string;
  /** Plain where the model would have to be loaded for it. */
  readonly onlyLoaded?: boolean;
}

export type AnalysisStage = 'model' | 'decode' | 'labels' | 'forward' | 'analyse';

/** What a request reports while it runs. */
export interface AnalysisProgress {
  readonly stage: AnalysisStage;
}

/** What runs the loaded model, and why. */
export interface RuntimeReport {
  readonly checkpoint: string;
  readonly architecture: string;
  readonly runtime: string;
  readonly provider: string;
  /** Why this provider runs, in a sentence. */
  readonly reason: string;
  /** What became of every provider considered. */
  readonly checks: readonly ProviderCheck[];
  /** Of the latest image; undefined before the first. */
  readonly latestPass: PassTiming | undefined;
  /** Bytes. */
  readonly memory: { readonly process: number; readonly total: number };
}

/** One self-contained HTML file with one or many analyses. */
export interface ReportRequest {
  readonly file: string;
  readonly analyses: readonly Analysis[];
  readonly maxPixels: number;
}

/** Requests the extension host makes of the engine. */
export interface EngineMethods extends DatasetMethods, ClassMappingMethods {
  loadModel: { params: ModelRequest; result: ModelInfo; progress: AnalysisProgress };
  analyzeImage: { params: AnalyzeRequest; result: AnalyzeResult; progress: AnalysisProgress };
  inspectAnchor: { params: { id: string; anchor: number }; result: AnchorInspection };
  /** Null while no model is loaded. */
  describeRuntime: { params: undefined; result: RuntimeReport | null };
  /** Null where the runtime does not exist on this platform. It may take the engine down. */
  benchmarkRuntime: { params: BenchmarkRequest; result: BenchmarkOutcome | null };
  recomputeLoss: { params: { id: string; gamma: number; alpha: number }; result: { focal: ArrayBuffer } };
  displayImage: { params: { image: string; cacheFolder: string; maxPixels: number }; result: DisplayImage };
  cropImage: { params: CropRequest; result: PlacedCrop };
  analyzedCrop: { params: AnalyzedCropRequest; result: PlacedCrop };
  exportReport: { params: ReportRequest; result: null };
  /** Writes the per-anchor table: CSV where the file ends in `.csv`, else Parquet. */
  exportAnchors: { params: { file: string; analysis: Analysis }; result: null };
}

/** Events the engine sends to the extension host. */
export interface EngineEvents {
  log: { level: 'info' | 'warn' | 'error'; message: string };
  provider: ProviderPhase;
}

/** What the engine offers over `MessageHandler`. */
export interface EngineSide {
  methods: EngineMethods;
  events: EngineEvents;
}

/** Where an image stands among those one can go through. */
export interface ImagePlace {
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

/** What a lens panel shows at the moment. */
export type LensState =
  | {
      readonly kind: 'loading';
      readonly imageUri: string | undefined;
      readonly title: string;
      readonly stage: AnalysisStage;
    }
  | {
      readonly kind: 'ready';
      readonly imageUri: string;
      readonly title: string;
      readonly analysis: Analysis;
      readonly place?: ImagePlace;
    }
  | { readonly kind: 'failed'; readonly title: string; readonly message: string }
  | { readonly kind: 'cancelled'; readonly title: string };

export interface LensSnapshot {
  readonly revision: number;
  readonly state: LensState;
  /** What the page is to keep for the extension, which restores the panel by it. */
  readonly restore?: string;
  /** Index of a label to be shown with this state. */
  readonly label?: number;
  /** A place to be shown with this state, as by the event `focusPlace`: original image pixels. */
  readonly focus?: XywhBox;
}

/** Requests the webview makes of its host. `revision` counts up with every change of state. */
export interface LensMethods {
  getState: { params: undefined; result: LensSnapshot };
  inspectAnchor: { params: { revision: number; anchor: number }; result: AnchorInspection };
  /** The exact focal loss of every anchor under another gamma and alpha: float32, unnormalised, in anchor order. */
  recomputeLoss: {
    params: { revision: number; gamma: number; alpha: number };
    result: { focal: ArrayBuffer };
  };
  /** Opens the label file at the label's text range. */
  revealLabel: { params: { revision: number; label: number }; result: null };
  /** Runs the analysis of the panel's image again. */
  analyzeAgain: { params: undefined; result: null };
  chooseModel: { params: undefined; result: null };
  /** Shows the next or previous image of the folder or report. */
  showNeighbor: { params: { direction: 1 | -1 }; result: null };
  /** Opens images that were dropped on the page, by their URIs. */
  openImages: { params: { uris: readonly string[] }; result: null };
  /** Asks the user where to, and writes the HTML report of this image, or of all that are open. */
  exportReport: { params: { revision: number }; result: null };
  exportAnchors: { params: { revision: number }; result: null };
  /** Asks the user where to, and writes the picture that the page has drawn. */
  savePicture: { params: { revision: number; png: ArrayBuffer }; result: null };
  cancel: { params: undefined; result: null };
}

/** Events the host sends to the webview. */
export interface LensEvents {
  stateChanged: { revision: number };
  /** A label of the state that is shown is to be shown. */
  labelRequested: { revision: number; label: number };
  /**
   * A place of the picture is to be shown, original image pixels, such as where a label is missing: zoomed to with what
   * is around it, marked, and the strongest anchor centred in it inspected; in a box without area none is. Boxes
   * beyond the picture are not followed.
   */
  focusPlace: { revision: number; bbox: XywhBox };
}

/** What a panel's host offers its webview. */
export interface LensSide {
  methods: LensMethods;
  events: LensEvents;
}

/** Id of the `application/json` script element that holds the list of {@link EmbeddedAnalysis} in an exported report. */
export const embeddedDataId = 'focal-lens-data';

/** A ready panel in an HTML file: the same as {@link LensState}, with the columns as `packedColumns`, gzip, base64. */
export interface EmbeddedAnalysis {
  readonly title: string;
  /** A data URI. */
  readonly imageUri: string;
  readonly analysis: Omit<Analysis, 'columns'> & { readonly columns: string };
}
