import { analyzeWithEvidence } from '../../src/analysis/analyze';
import { openDataset } from '../../src/dataset/openDataset';
import { defaultBands } from '../../src/protocol/analysis';
import type { ForwardCache } from './forwardCache';
import type { LabelledSource } from './options';
import { plantErrors, type CleanImage, type PlantOptions } from './plant';
import type { PlantedError, Scene } from './types';

export interface PlantedScene {
  readonly scene: Scene;
  readonly errors: readonly PlantedError[];
}

/** The labelled images of a data set, in its order, with forward passes made or found in the cache. */
export async function cleanImages(
  { dataset: path, split, range: [from, to] = [0, Infinity] }: LabelledSource,
  cache: ForwardCache,
): Promise<readonly CleanImage[]> {
  const dataset = await openDataset(path);
  const images: CleanImage[] = [];
  let listed = 0;
  for await (const image of dataset.images(split === undefined ? {} : { split })) {
    if (listed++ < from) continue;
    if (listed > to) break;
    const { image: size } = await cache.load(image.file);
    const labels = await dataset.labelsOf(image, size);
    if (labels !== undefined) images.push({ file: image.file, ...size, labels });
  }
  return images;
}

/** Analyses every image with the labels that each planting gives it; an image's forward pass is read once. */
export async function plantedScenes(
  images: readonly CleanImage[],
  cache: ForwardCache,
  plantings: readonly PlantOptions[],
  visit: (planting: number, planted: PlantedScene, image: number) => void,
): Promise<void> {
  const planted = plantings.map(options => plantErrors(images, options));
  for (const [i, { file }] of images.entries()) {
    const loaded = await cache.load(file);
    plantings.forEach((_, planting) => {
      const { labels, errors } = planted[planting][i];
      const { part, evidence } = analyzeWithEvidence({ ...loaded, labels, bands: defaultBands });
      visit(planting, { scene: { ...loaded, labels, analysis: part, evidence }, errors }, i);
    });
  }
}
