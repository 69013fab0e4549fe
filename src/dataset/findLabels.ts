import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { cocoFolders, findCoco } from './coco/findCoco';
import { LabelIndex } from './labelIndex';
import type { ImageLabels, LabelledImage } from './labels';
import { readLabelsAt } from './labelsAt';
import { requireReadable } from './requireReadable';
import { searchFolders } from './searchFolders';
import { findVoc } from './voc/findVoc';
import { vocPaths } from './voc/vocPaths';
import { findYolo } from './yolo/findYolo';
import { yoloPaths } from './yolo/yoloPaths';

/**
 * Finds and reads the labels of one image.
 *
 * Without `labelsPath` they are looked for around the image: first the image's own Pascal VOC file (see
 * {@link vocPaths}), then its YOLO file ({@link yoloPaths}), then COCO files in the image's folder, in those above it
 * up to the root of the workspace, four at most, and in their `annotations` folders ({@link findCoco}). The first
 * that lists the image counts. When nothing is found and the path leads through links, the same is tried for the
 * path that they lead to.
 *
 * @param labelsPath a COCO `.json`, Pascal VOC `.xml`, YOLO `.txt` or `data.yaml` to use, or a folder of such files
 * @param index remembers what was learnt about files; pass the same one for every image of a data set
 * @returns undefined when no labels are found around the image; an empty list for an image listed without objects
 * @throws UserError for a malformed label file, UnreadableLabelsError where none of the image's entries can be read; with
 *   `labelsPath` also when it has no labels for the image
 */
export async function findLabels(
  image: LabelledImage,
  labelsPath?: string,
  index = new LabelIndex(),
): Promise<ImageLabels | undefined> {
  const absolute = { ...image, file: resolve(image.file) };
  return requireReadable(
    await (labelsPath === undefined ? search(absolute, index) : readLabelsAt(absolute, resolve(labelsPath), index)),
  );
}

/** Around the image, and around what it is a link to. */
async function search(image: LabelledImage, index: LabelIndex): Promise<ImageLabels | undefined> {
  const found = await findAround(image, index);
  if (found !== undefined) return found;
  const file = await realpath(image.file).catch(() => image.file);
  return file === image.file ? undefined : findAround({ ...image, file }, index);
}

async function findAround(image: LabelledImage, index: LabelIndex): Promise<ImageLabels | undefined> {
  const folders = await searchFolders(image.file);
  return (
    (await findVoc(image, vocPaths(image.file, folders))) ??
    (await findYolo(image, yoloPaths(image.file), index)) ??
    (await findCoco(image, cocoFolders(folders), index))
  );
}
