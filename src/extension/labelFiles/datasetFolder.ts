import { basename, dirname, relative, sep } from 'node:path';
import { isWithin } from '../../dataset/datasetPaths';
import type { LabelFileInfo } from '../../protocol/analysis';

const labelFolder = /^(?:annotations?|xmls|labels?)$/i;

/**
 * The folder a data set lies in, by the label file of one of its images: that of a YOLO data set's `data.yaml`, else the
 * one above the nearest folder of labels, else the label file's own.
 */
export function datasetFolder({ format, files }: LabelFileInfo): string | undefined {
  const [labels, names] = files;
  if (labels === undefined) return undefined;
  if (format === 'yolo' && names !== undefined && /\.ya?ml$/i.test(names) && isWithin(dirname(names), labels)) {
    return dirname(names);
  }
  const own = dirname(labels);
  let path = own;
  // `labels/train` and `annotations/xmls` alike lead to what holds the outermost of the label folders together.
  while (!labelFolder.test(basename(path))) {
    if (path === dirname(path)) return own;
    path = dirname(path);
  }
  while (labelFolder.test(basename(path))) path = dirname(path);
  return path;
}

/** The image's path in the data set's folder with `/` between its parts; it may begin with `..`. */
export function pathInDataset(folder: string, image: string): string {
  return relative(folder, image).split(sep).join('/');
}
