import type { AnalyzeDatasetRequest, DatasetProgress, DatasetRunResult, StoreMethods } from './dataset';
import type { GalleryStoreMethods } from './galleryStore';
import type { LabelFactsStoreMethods } from './labelFactsStore';

/** Runs over data sets and what is stored of them. */
export interface DatasetMethods extends StoreMethods, GalleryStoreMethods, LabelFactsStoreMethods {
  /** Cancelled, it leaves what has been stored by then; asked again with `resume`, it goes on from there. */
  analyzeDataset: { params: AnalyzeDatasetRequest; result: DatasetRunResult; progress: DatasetProgress };
}
