/**
 * Writes the folder that the suite opens: a tiny model, pictures with labels, and files that are of no use, more of them in
 * `bad` beside it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { writeBadFiles } from './badFiles';
import { writeTinyModel, writeTinyScene } from '../unit/helpers/tinyModel';

async function generateWorkspace(folder: string): Promise<void> {
  // The editor's watcher of files may miss what is made in a folder whose own parent is new.
  const watched = ['voc', 'yolo', 'coco'].map(name => join('labelFiles', name));
  for (const name of ['models', 'broken', 'other', '.vscode', ...watched])
    await mkdir(join(folder, name), { recursive: true });
  await writeTinyModel(join(folder, 'models'));
  const scene = await writeTinyScene(folder);
  // Not in any dataset, without labels, and in a format that a webview does not show.
  await sharp(scene.image)
    .tiff()
    .toFile(join(folder, 'other', 'scan.tif'));
  // More pixels than fit into a window.
  await sharp(scene.image)
    .resize(1600, 1200)
    .toFile(join(folder, 'other', 'large.png'));
  await writeFile(join(folder, 'broken', 'text.pth'), 'not a checkpoint\n');
  await writeFile(join(folder, 'broken', 'image.png'), 'not an image\n');
  const bad = join(folder, '..', 'bad');
  await mkdir(bad, { recursive: true });
  await writeBadFiles(bad, scene.image, join(bad, 'executed'));
  const settings = { 'focalLens.model': 'models/tiny.safetensors', 'focalLens.runtime': 'cpu' };
  await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify(settings, null, 2));
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: generateWorkspace FOLDER');
void generateWorkspace(folder);
