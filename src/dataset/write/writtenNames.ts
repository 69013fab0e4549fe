import { basename, relative } from 'node:path';
import type { Dataset, DatasetImage } from '../dataset';
import { isWithin, slashed } from '../datasetPaths';

/** Folders that say nothing, since the new data set has its own. */
const imageFolders = new Set(['images', 'JPEGImages']);

/**
 * Gives every image a path in the new data set: its own in the old one as far as that is relative, so that folders
 * stay. Two images whose paths differ in the extension or in case alone would share a label file: the second one's
 * gets a number.
 */
export class WrittenNames {
  private readonly taken = new Set<string>();

  nameOf(image: DatasetImage, { format, root }: Pick<Dataset, 'format' | 'root'>): string {
    const inRoot = isWithin(root, image.file) ? slashed(relative(root, image.file)) : basename(image.file);
    const isRelative = format === 'coco' && !/^(?:[\\/]|[a-z]+:)/i.test(image.name);
    const parts = (isRelative ? image.name : inRoot)
      .split(/[\\/]+/)
      .filter(part => !['', '.', '..'].includes(part) && !imageFolders.has(part));
    const path = parts.join('/') || basename(image.file);
    const [, stem = path, extension = ''] = /^(.+?)(\.[^./]+)?$/s.exec(path) ?? [];
    let free = stem;
    for (let copy = 2; this.taken.has(keyOf(free)); copy++) free = `${stem}_${copy}`;
    this.taken.add(keyOf(free));
    return free + extension;
  }
}

function keyOf(stem: string): string {
  return stem.normalize('NFC').toLowerCase();
}
