import type { ImageLabels, LabelledImage } from '../labels';
import { isRegularFile } from '../searchFolders';
import { readVocIfAny } from './readVoc';

/**
 * The labels in the first of some files that exists and is a Pascal VOC file.
 * @throws UserError when a file before it is malformed
 */
export async function findVoc(image: LabelledImage, paths: readonly string[]): Promise<ImageLabels | undefined> {
  for (const path of paths) {
    const labels = (await isRegularFile(path)) ? await readVocIfAny(path, image) : undefined;
    if (labels !== undefined) return labels;
  }
  return undefined;
}
