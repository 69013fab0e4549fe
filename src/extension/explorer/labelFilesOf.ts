import { dirname, normalize } from 'node:path';
import { isWithin } from '../../dataset/datasetPaths';
import type { ChosenDataset } from './currentDataset';

/** The folder that a data set's store and dismissals are kept in, and its label files. */
export function rootOf({ store }: Pick<ChosenDataset, 'store'>): string {
  return dirname(dirname(store));
}

/** Whether a file may hold labels of a data set, or class names for them, as its path tells. */
export function isLabelFileOf(dataset: ChosenDataset, file: string): boolean {
  switch (dataset.format) {
    case 'coco':
      return normalize(file) === normalize(dataset.path);
    case 'voc':
      return /\.xml$/i.test(file) && isWithin(rootOf(dataset), file);
    case 'yolo':
      return /\.(?:txt|ya?ml)$/i.test(file) && isWithin(rootOf(dataset), file);
  }
}
