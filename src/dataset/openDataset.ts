import { stat } from 'node:fs/promises';
import { extname, relative, resolve } from 'node:path';
import { UserError } from '../common/errors';
import { CocoDataset } from './coco/cocoDataset';
import type { Dataset } from './dataset';
import { discoverDatasets, type FoundDataset } from './discoverDatasets';
import { fileError } from './fileErrors';
import { LabelIndex } from './labelIndex';
import type { LabelFormat } from './labels';
import { VocDataset } from './voc/vocDataset';
import { YoloDataset } from './yolo/yoloDataset';

export interface OpenDatasetOptions {
  /** Remembers what was learnt about files; one for all data sets of a session. */
  readonly index?: LabelIndex;
  /** Folders where the images are, if they are not where the data set lets expect them. */
  readonly imageFolders?: readonly string[];
  /** Opens a folder that holds several data sets as what `discoverDatasets` found it to be. */
  readonly format?: LabelFormat;
  readonly signal?: AbortSignal | undefined;
}

/** Levels below a named folder where its data set is looked for. */
const searchDepth = 3;

/**
 * Opens a data set.
 * @param path a COCO JSON file, a YOLO `data.yaml`, a Pascal VOC folder, or a folder that holds one of them: the
 *   nearest one counts, and several equally near ones are an error that names them
 * @throws UserError when there is none, when there are several, or when its files are malformed
 * @throws CancelledError once `signal` is aborted
 */
export async function openDataset(path: string, options: OpenDatasetOptions = {}): Promise<Dataset> {
  const absolute = resolve(path);
  const stats = await stat(absolute).catch((error: unknown) => {
    throw fileError(error, absolute);
  });
  if (stats.isDirectory() && options.format === 'voc') return openFound({ format: 'voc', path: absolute }, options);
  if (stats.isDirectory()) return openFound(await findIn(absolute, options), options);
  switch (extname(absolute).toLowerCase()) {
    case '.json':
      return openFound({ format: 'coco', path: absolute }, options);
    case '.yaml':
    case '.yml':
      return openFound({ format: 'yolo', path: absolute }, options);
    default:
      throw new UserError('is no data set, expected a COCO .json file, a YOLO data.yaml or a folder', {
        where: absolute,
        remedy: 'name one of these; for Pascal VOC name the folder',
      });
  }
}

function openFound(
  { format, path }: Pick<FoundDataset, 'format' | 'path'>,
  options: OpenDatasetOptions,
): Promise<Dataset> {
  const common = {
    index: options.index ?? new LabelIndex(),
    imageFolders: (options.imageFolders ?? []).map(folder => resolve(folder)),
    signal: options.signal,
  };
  switch (format) {
    case 'coco':
      return CocoDataset.open(path, common);
    case 'yolo':
      return YoloDataset.open(path, common);
    case 'voc':
      return VocDataset.open(path, common);
  }
}

async function findIn(folder: string, { format, signal }: OpenDatasetOptions): Promise<FoundDataset> {
  const found = await discoverDatasets(folder, { signal, limits: { depth: searchDepth } });
  const datasets = found.datasets.filter(dataset => format === undefined || dataset.format === format);
  const [first] = datasets;
  if (first === undefined)
    throw new UserError('holds no COCO JSON file, no YOLO data.yaml and no Pascal VOC files', {
      where: folder,
      remedy: `name the data set; it was looked for down to ${searchDepth} levels below`,
    });
  const nearest = datasets.filter(({ depth }) => depth === first.depth);
  if (nearest.length === 1) return first;
  const names = nearest.map(({ path }) => (path === folder ? 'Pascal VOC files' : relative(folder, path)));
  const listed = names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '');
  throw new UserError(`holds ${names.length} data sets: ${listed}`, { where: folder, remedy: 'name one of them' });
}
