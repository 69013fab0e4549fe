import { AnalysisScratch } from '../../analysis/analysisScratch';
import type { ImageLabels } from '../../dataset/labels';
import type { ForwardResult, PreparedGeometry } from '../../model/types';
import type { BandThresholds } from '../../protocol/analysis';
import { analyseForward, type ImageSize } from '../imageSteps';
import type { LoadedModel } from '../modelStore';
import { imageResult, type ImageResult } from '../store/imageResult';

/** What the result of an image follows from once the network has run. */
export interface ImageTask {
  /** Its memory may move elsewhere. */
  readonly forward: ForwardResult;
  readonly prepared: PreparedGeometry;
  readonly image: ImageSize;
  /** Undefined when no label file was found. */
  readonly labels: ImageLabels | undefined;
  readonly bands: BandThresholds;
  readonly model: Pick<LoadedModel, 'config' | 'levels'>;
}

/** Fails with a UserError when the network's output is not finite, with a CancelledError once `signal` aborts. */
export type AnalyseImage = (task: ImageTask, signal?: AbortSignal) => ImageResult | Promise<ImageResult>;

/** Analyses on the calling thread, which stands still meanwhile. */
export function analyseImageHere(): (task: ImageTask) => ImageResult {
  const scratch = new AnalysisScratch();
  return ({ model, ...task }) => {
    const part = analyseForward({ ...task, detail: 'sums', scratch }, model);
    return imageResult(part, task.image, model.config);
  };
}
