import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf, UserError } from '../../common/errors';
import type { LabelIndex } from '../labelIndex';
import { ProblemList } from '../labelProblems';
import type { ImageLabels, LabelledImage } from '../labels';
import { CocoIndex, type CocoImageMatch } from './cocoIndex';
import { isNamedAfter } from './imageNames';
import { readCoco } from './readCoco';

const maxFiles = 50;
/** Files up to this size are asked whether they list the image too, once it has been found. */
const maxRivalBytes = 32 * 1024 * 1024;

/** COCO's own files that are no ground truth for object detection, or only for people. */
export const otherTasks = /captions|keypoints|panoptic|stuff|image_info|results|predictions/i;

/** Folders that may hold COCO files, given the image's folder and those above it. */
export function cocoFolders(folders: readonly string[]): string[] {
  return folders.flatMap(folder => [folder, join(folder, 'annotations'), join(folder, 'Annotations')]);
}

/**
 * The labels of the image in the COCO files of some folders. A file that names the image by its whole `file_name`
 * comes before one where only the last part agrees; then files for object detection before those for other tasks,
 * nearer folders before farther ones, files named after the image's folder (`instances_val.json` for `val/x.jpg`)
 * before others, and the alphabet.
 * @throws UserError when a file that may list the image is malformed and no other one lists it
 */
export async function findCoco(
  image: LabelledImage,
  folders: readonly string[],
  index: LabelIndex,
): Promise<ImageLabels | undefined> {
  const problems = new ProblemList();
  let broken: UserError | undefined;
  let best: { coco: CocoIndex; match: CocoImageMatch } | undefined;
  const files = await candidates(image.file, folders, index);
  for (const file of files) {
    if (best?.match.whole === true && !(await isSmall(file))) continue;
    try {
      const coco = await index.coco(file, { sniff: true });
      if (!(coco instanceof CocoIndex)) continue;
      const match = await coco.findImage(image);
      if (match === undefined) continue;
      if (best?.match.whole === true) {
        if (match.whole)
          problems.add(best.coco.file, best.match.line, `${basename(file)} lists the image too; name the one to use`);
      } else if (best === undefined || match.score > best.match.score) best = { coco, match };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      broken ??= error;
      problems.add(file, 0, `passed over: ${messageOf(error)}`);
    }
  }
  if (best !== undefined) return readCoco(best.coco, best.match, image, problems);
  if (broken !== undefined) throw broken;
  return undefined;
}

async function candidates(imageFile: string, folders: readonly string[], index: LabelIndex): Promise<string[]> {
  const found: { file: string; rank: number }[] = [];
  const seen = new Set<string>();
  for (const [level, folder] of folders.entries()) {
    for (const name of await index.labelFileNames(folder)) {
      if (!/\.json$/i.test(name)) continue;
      const file = join(folder, name);
      const identity = await identityOf(file);
      // The same file again: `annotations` and `Annotations` are one folder on some disks, and there are links.
      if (identity === undefined || seen.has(identity)) continue;
      seen.add(identity);
      const rank = (otherTasks.test(name) ? 1e6 : 0) + 2 * level + (isNamedAfter(name, dirname(imageFile)) ? 0 : 1);
      found.push({ file, rank });
    }
  }
  // Names are sorted within a folder and the sort is stable.
  found.sort((a, b) => a.rank - b.rank);
  return found.slice(0, maxFiles).map(({ file }) => file);
}

async function identityOf(file: string): Promise<string | undefined> {
  return stat(file, { bigint: true }).then(
    stats => (stats.isFile() ? `${stats.dev} ${stats.ino}` : undefined),
    () => undefined,
  );
}

async function isSmall(file: string): Promise<boolean> {
  return stat(file).then(
    ({ size }) => size <= maxRivalBytes,
    () => false,
  );
}
