import { dirname, join, relative, sep } from 'node:path';
import type { Dataset } from './dataset';

/** The folder in a data set's own that holds what is known of it, made and kept out of version control by us. */
export const storeFolder = '.focal-lens';

/**
 * Where a data set's results go unless the user says otherwise. Several data sets may lie in one folder, as COCO's splits
 * do: each has a file of its own, named after the file that it is opened by.
 */
export function storePlace({ format, path, root }: Pick<Dataset, 'format' | 'path' | 'root'>): string {
  if (format === 'voc') return join(root, storeFolder, 'dataset.sqlite');
  const parts = relative(root, path)
    .split(sep)
    .filter(part => part !== '..');
  return join(root, storeFolder, `${parts.join('-')}.sqlite`);
}

/** The data set's folder, from the place of its results. */
export function storedRoot(store: string): string {
  return dirname(dirname(store));
}
