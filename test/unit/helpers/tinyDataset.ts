import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from './random';
import { tinyLabels, writeTinyScene, type TinyLabel } from './tinyModel';

/** The labels of an image of a tiny data set: those of the scene, each moved a little. */
export function tinyDatasetLabels(seed: number): TinyLabel[] {
  const random = seededRandom(seed + 1);
  const moved = (value: number) => Math.round(value + (random() - 0.5) * 12);
  return tinyLabels.map(({ category, box: [x1, y1, x2, y2] }) => ({
    category,
    box: [Math.max(0, moved(x1)), Math.max(0, moved(y1)), Math.min(160, moved(x2)), Math.min(120, moved(y2))],
  }));
}

/** Writes a Pascal VOC data set of `count` images named `s000`, `s001`... into `folder`; returns it. */
export async function writeTinyDataset(folder: string, count: number): Promise<string> {
  for (const name of ['Annotations', 'JPEGImages']) await mkdir(join(folder, name), { recursive: true });
  for (let i = 0; i < count; i++) await writeTinyDatasetImage(folder, i, tinyDatasetLabels(i));
  return folder;
}

export async function writeTinyDatasetImage(folder: string, i: number, labels: readonly TinyLabel[]): Promise<void> {
  const name = `s${String(i).padStart(3, '0')}`;
  const scene = await writeTinyScene(folder, { name, labels });
  await rename(scene.image, join(folder, 'JPEGImages', `${name}.png`));
  await rename(scene.labels, join(folder, 'Annotations', `${name}.xml`));
}
