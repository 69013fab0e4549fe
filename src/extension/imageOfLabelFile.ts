import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, sep } from 'node:path';
import { imageExtensions } from '../dataset/imageFiles';

// Where data sets keep the images of their label folders.
const imageFolders: Readonly<Record<string, readonly string[]>> = {
  Annotations: ['JPEGImages', 'images'],
  annotations: ['images'],
  labels: ['images'],
};

/**
 * The image that a label file of one image (Pascal VOC XML, YOLO text) describes: of the same name, beside it or in
 * the image folder that belongs to its folder. Undefined where there is none.
 */
export function imageOfLabelFile(file: string): string | undefined {
  if (!['.xml', '.txt'].includes(extname(file).toLowerCase())) return undefined;
  const stem = basename(file, extname(file));
  for (const folder of [dirname(file), ...siblingFolders(dirname(file))]) {
    for (const extension of imageExtensions) {
      const names = [`${stem}.${extension}`, `${stem}.${extension.toUpperCase()}`];
      const found = names.map(name => join(folder, name)).find(candidate => existsSync(candidate));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** `a/labels/train` gives `a/images/train`: the last folder of a known name is replaced. */
function siblingFolders(folder: string): string[] {
  const parts = folder.split(sep);
  const index = parts.findLastIndex(part => Object.hasOwn(imageFolders, part));
  const replacements = imageFolders[parts[index] ?? ''] ?? [];
  return index < 0 ? [] : replacements.map(name => parts.with(index, name).join(sep));
}
