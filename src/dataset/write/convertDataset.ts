import { join, resolve } from 'node:path';
import { throwIfCancelled } from '../../common/errors';
import type { Dataset, DatasetImage, MissingImage } from '../dataset';
import type { ImageLabels, Label, LabelFormat, LabelProblem } from '../labels';
import { UnreadableLabelsError } from '../requireReadable';
import { CategoryTable } from './categoryTable';
import { CocoWriter } from './cocoWriter';
import type { DatasetWriter } from './datasetWriter';
import { StagedFolder } from './stagedFolder';
import { VocWriter } from './vocWriter';
import { WrittenNames } from './writtenNames';
import { YoloWriter } from './yoloWriter';

export interface ConvertOptions {
  readonly to: LabelFormat;
  /** A new or empty folder. */
  readonly out: string;
  /** Replace files in a folder that holds some. */
  readonly overwrite: boolean;
  /** Take the images over as further names of the same files where the disk allows it, as copies, or not at all. */
  readonly images: 'link' | 'copy' | 'none';
  /** Only this split. */
  readonly split?: string | undefined;
  /** Size of an image file in stored pixels, asked where the data set does not state it. */
  readonly sizeOf: (file: string) => Promise<{ width: number; height: number }>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What was written and what was not. */
export interface Conversion {
  /** What to open. */
  readonly paths: readonly string[];
  readonly images: number;
  readonly labels: number;
  /** Listed images that are not there. */
  readonly missing: readonly MissingImage[];
  /** Images without a label file, which the format read tells from images without objects. */
  readonly unlabelled: number;
  /** Labels left out because the format written cannot say that they are crowds. */
  readonly crowds: number;
  /** Labels whose mark "difficult" is lost. */
  readonly difficult: number;
  /** What is wrong with the labels read. */
  readonly problems: readonly LabelProblem[];
}

const maxProblems = 1000;

/**
 * Writes a data set's labels in another format. Boxes and categories come back equal when they are read again: exactly
 * from COCO and Pascal VOC (where no double leads from x to x + width, within the last bit), to the billionth of a pixel
 * from YOLO. Boxes alone are converted: no segmentations, key points or attributes. The folder appears whole or not at all.
 * @throws UserError when a label file is malformed, or the folder is not empty and may not be written into
 * @throws CancelledError once `signal` is aborted; nothing is left behind
 */
export async function convertDataset(dataset: Dataset, options: ConvertOptions): Promise<Conversion> {
  const { signal } = options;
  const memberships = await splitsOfImages(dataset, options);
  const categories = await dataset.categories(signal === undefined ? {} : { signal });
  const table = new CategoryTable(categories, dataset.format === 'yolo');
  const folder = await StagedFolder.create(options.out, options);
  try {
    const writer = writerFor(options.to, folder, table, memberships.names);
    const written = await writeImages(dataset, writer, folder, memberships, options);
    const paths = await writer.finish();
    throwIfCancelled(signal);
    await folder.commit();
    return { ...written, paths: paths.map(path => join(resolve(options.out), path)) };
  } finally {
    await folder.discard();
  }
}

function writerFor(
  format: LabelFormat,
  folder: StagedFolder,
  table: CategoryTable,
  splits: readonly string[],
): DatasetWriter {
  switch (format) {
    case 'coco':
      return new CocoWriter(folder, table, splits);
    case 'voc':
      return new VocWriter(folder, splits);
    case 'yolo':
      return new YoloWriter(folder, table, splits);
  }
}

interface Memberships {
  readonly names: readonly string[];
  /** By the image's ordinal. */
  readonly of: ReadonlyMap<number, readonly string[]>;
}

async function splitsOfImages(dataset: Dataset, { split, signal }: ConvertOptions): Promise<Memberships> {
  const names = split === undefined ? dataset.splits.map(({ name }) => name) : [split];
  const of = new Map<number, string[]>();
  for (const name of names) {
    for await (const { ordinal } of dataset.images({ split: name, ...(signal === undefined ? {} : { signal }) })) {
      const splits = of.get(ordinal);
      if (splits === undefined) of.set(ordinal, [name]);
      else splits.push(name);
    }
  }
  // Splits that all list the same images, as data.yaml files without a validation set do, divide nothing.
  const dividesNothing = names.length > 1 && [...of.values()].every(splits => splits.length === names.length);
  return dividesNothing ? { names: [], of: new Map() } : { names, of };
}

/** What cannot be read is left out and told of, be it all that there is. */
async function labelsAsFarAsReadable(
  dataset: Dataset,
  image: DatasetImage,
  size: { width: number; height: number },
): Promise<ImageLabels | undefined> {
  try {
    return await dataset.labelsOf(image, size);
  } catch (error) {
    if (error instanceof UnreadableLabelsError) return error.labels;
    throw error;
  }
}

async function writeImages(
  dataset: Dataset,
  writer: DatasetWriter,
  folder: StagedFolder,
  memberships: Memberships,
  { split, signal, sizeOf, images: how, onProgress }: ConvertOptions,
): Promise<Omit<Conversion, 'paths'>> {
  const names = new WrittenNames();
  const missing: MissingImage[] = [];
  const problems: LabelProblem[] = [];
  const counts = { images: 0, labels: 0, unlabelled: 0, crowds: 0, difficult: 0 };
  const total = split === undefined ? dataset.imageCount : memberships.of.size;
  const images = dataset.images({
    ...(split === undefined ? {} : { split }),
    ...(signal === undefined ? {} : { signal }),
    onMissing: image => missing.push(image),
  });
  for await (const image of images) {
    const { width, height } = image;
    const size = width === undefined || height === undefined ? await sizeOf(image.file) : { width, height };
    const found = await labelsAsFarAsReadable(dataset, image, size);
    if (found === undefined) {
      counts.unlabelled++;
      continue;
    }
    for (const problem of found.problems) if (problems.length < maxProblems) problems.push(problem);
    const labels: readonly Label[] = writer.keepsCrowds ? found.labels : found.labels.filter(({ crowd }) => !crowd);
    const name = names.nameOf(image, dataset);
    await writer.add({ name, ...size, labels, splits: memberships.of.get(image.ordinal) ?? [] });
    if (how !== 'none') await folder.takeOver(image.file, `${writer.imageFolder}/${name}`, how);
    counts.images++;
    counts.labels += labels.length;
    counts.crowds += found.labels.length - labels.length;
    if (!writer.keepsDifficult) counts.difficult += labels.filter(({ difficult }) => difficult).length;
    onProgress?.(counts.images, total);
  }
  return { ...counts, missing, problems };
}
