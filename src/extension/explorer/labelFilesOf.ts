import { normalize } from 'node:path';
import { isWithin } from '../../dataset/datasetPaths';
import { storedRoot } from '../../dataset/storePlace';
import type { ChosenDataset } from './currentDataset';

/** Whether a file may hold labels of a data set, or class names for them, as its path tells. */
export function isLabelFileOf(dataset: ChosenDataset, file: string): boolean {
  switch (dataset.format) {
    case 'coco':
      return normalize(file) === normalize(dataset.path);
    case 'voc':
      return /\.xml$/i.test(file) && isWithin(storedRoot(dataset.store), file);
    case 'yolo':
      return /\.(?:txt|ya?ml)$/i.test(file) && isWithin(storedRoot(dataset.store), file);
  }
}
