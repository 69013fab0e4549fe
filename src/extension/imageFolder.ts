import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isImageFile } from '../dataset/imageFiles';

/** The images in the folder of an image, sorted as a file manager does: `image2` before `image10`. */
export async function imagesBeside(image: string): Promise<string[]> {
  const folder = dirname(image);
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter(entry => !entry.isDirectory() && (isImageFile(entry.name) || entry.name === basename(image)))
    .map(entry => entry.name);
  const byName = new Intl.Collator('en', { numeric: true });
  return names.sort((a, b) => byName.compare(a, b) || (a < b ? -1 : 1)).map(name => join(folder, name));
}
