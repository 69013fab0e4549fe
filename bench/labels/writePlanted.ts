import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { toXywh } from '../../src/common/boxes';
import { ForwardCache } from './forwardCache';
import type { LabelledSource } from './options';
import { plantErrors } from './plant';
import { plantings } from './plantings';
import { cleanImages } from './scenes';

/**
 * Writes the labels of a source as `report` plants them first for a seed, as COCO JSON: to train a model on errors and
 * see what is left of the ranking.
 */
export async function writePlanted(source: LabelledSource, seed: number, file: string): Promise<void> {
  const cache = await ForwardCache.open(source.model);
  const images = await cleanImages(source, cache);
  await cache.dispose();
  const planted = plantErrors(images, plantings(seed)[0]);
  const names = [...new Set(planted.flatMap(({ labels }) => labels.labels.map(({ category }) => category)))].sort();
  const document = {
    images: images.map((image, i) => ({ id: i + 1, file_name: basename(image.file), width: image.width, height: image.height })), // prettier-ignore
    categories: names.map((name, i) => ({ id: i + 1, name })),
    annotations: planted
      .flatMap(({ labels }, i) => labels.labels.map(({ category, box }) => ({ image_id: i + 1, category, box })))
      .map(({ image_id, category, box }, i) => ({ id: i + 1, image_id, category_id: names.indexOf(category) + 1, bbox: toXywh(box) })), // prettier-ignore
  };
  await writeFile(file, `${JSON.stringify(document)}\n`);
}
