import type { AnalyzedCropRequest, PlacedCrop } from '../../protocol/messages';
import type { Analyzer } from '../analyzer';
import { ModelNotLoadedError } from '../modelStore';
import { imageCrop } from './imageCrop';

/** Images whose analyses are looked for again; the analyzer forgets them by its own bound. */
const remembered = 64;

/** Crops with heatmaps of images that need not have been analyzed before. Crops of one image share its analysis. */
export class AnalyzedCrops {
  /** By image and version: the analysis, or the promise of it. The oldest first. */
  private readonly analyses = new Map<string, Promise<string>>();

  constructor(private readonly analyzer: Pick<Analyzer, 'analyzeImage' | 'heatOf'>) {}

  /** @throws UserError for bad input, CancelledError once `signal` aborts */
  async crop(request: AnalyzedCropRequest, signal?: AbortSignal): Promise<PlacedCrop> {
    const known = await this.known(request);
    const heat = known ?? (await this.analyze(request, signal));
    return imageCrop(request, heat, signal);
  }

  private async known(request: AnalyzedCropRequest) {
    const id = await this.analyses.get(keyOf(request))?.catch(() => undefined);
    return id === undefined ? undefined : this.analyzer.heatOf(id);
  }

  private async analyze(request: AnalyzedCropRequest, signal: AbortSignal | undefined) {
    const { model, image, labels, bands, maxPixels, onlyLoaded } = request;
    const wanted = { model, image, bands, maxPixels, ...(labels === undefined ? {} : { labels }) };
    const analysis = this.analyzer.analyzeImage(wanted, { signal, onlyLoaded }).then(({ id }) => id);
    const key = keyOf(request);
    this.analyses.delete(key);
    this.analyses.set(key, analysis);
    for (const oldest of this.analyses.keys()) {
      if (this.analyses.size <= remembered) break;
      this.analyses.delete(oldest);
    }
    try {
      return this.analyzer.heatOf(await analysis);
    } catch (error) {
      if (error instanceof ModelNotLoadedError) return undefined;
      throw error;
    }
  }
}

function keyOf({ image, labels, model, version }: AnalyzedCropRequest): string {
  return JSON.stringify([image, labels, model.checkpoint, model.card, version]);
}
