import type { AnalysisPart } from '../../analysis/analyze';
import type { ModelConfig } from '../../model/types';
import { anchorColumns } from '../../protocol/anchorColumns';
import type { ImageSize } from '../imageSteps';
import { hardestPlaces, type BackgroundPlace } from './hardestPlaces';
import { ptHistogram } from './ptHistogram';
import { histogramBins } from './schema';

/** Costliest background places kept of an image. */
const placesKept = 3;

/** What a store keeps of an image's analysis. */
export interface ImageResult extends Pick<
  AnalysisPart,
  'anchors' | 'loss' | 'breakdown' | 'labels' | 'labelFile' | 'issues' | 'notes'
> {
  readonly image: ImageSize;
  /** How many. */
  readonly detections: number;
  readonly places: readonly BackgroundPlace[];
  readonly ptHistogram: ReturnType<typeof ptHistogram>;
}

export function imageResult(
  part: AnalysisPart,
  image: ImageSize,
  { classes }: Pick<ModelConfig, 'classes'>,
): ImageResult {
  const { anchors, loss, breakdown, labels, labelFile, issues, notes, detections } = part;
  return {
    ...{ image, anchors, loss, breakdown, labels, labelFile, issues, notes },
    detections: detections.length,
    places: hardestPlaces({ ...part, image, classes }, placesKept),
    ptHistogram: ptHistogram(anchorColumns(part.columns), histogramBins),
  };
}
