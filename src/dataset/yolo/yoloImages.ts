import { stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, relative, resolve } from 'node:path';
import { UserError } from '../../common/errors';
import { boundaryOf, isWithin, pathIn, slashed } from '../datasetPaths';
import { FolderNames, listFiles } from '../folderListing';
import { isImageFile } from '../imageFiles';
import { quote, type ProblemList } from '../labelProblems';
import { readTextFile } from '../text/readTextFile';
import { inTurns } from '../turns';
import type { ClassNames } from './classNames';

const maxListBytes = 256 * 1024 * 1024;

export interface YoloImage {
  /** Path relative to the root, or as a list names an image that is not there. */
  readonly name: string;
  readonly file: string | undefined;
  readonly reason: string;
}

export interface YoloImages {
  readonly root: string;
  readonly splits: ReadonlyMap<string, readonly YoloImage[]>;
}

/**
 * Lists the images of a `data.yaml` as Ultralytics does: `train`, `val` and `test` are folders, searched with all
 * below them, or text files that name an image a line, relative to `path`, which is relative to the file itself. Where
 * `path` leads nowhere the file's own folder takes its place, and where `../train` leads nowhere `train` does. Nothing
 * leads out of the folder above the file, unless into folders that the user has named. Without any split the folder
 * `images` beside the file is listed.
 * @throws UserError when not one of the folders and lists is there
 */
export async function listYoloImages(
  { file: yaml, layout }: ClassNames,
  given: readonly string[],
  problems: ProblemList,
  signal?: AbortSignal,
): Promise<YoloImages> {
  const own = dirname(yaml);
  const stated = resolve(own, layout?.path ?? '.');
  const bounds = [await boundaryOf(yaml), ...given];
  const isAllowed = (path: string) => bounds.some(bound => isWithin(bound, path));
  const bases = [...new Set([...(isAllowed(stated) ? [stated] : []), own, ...given])];
  if (!isAllowed(stated)) problems.add(yaml, 0, `\`path\` ${quote(layout?.path ?? '')} leads out of the data set`);
  const root = isAllowed(stated) && (await exists(stated)) ? stated : own;

  const wanted = layout !== undefined && layout.splits.size > 0 ? layout.splits : new Map([['images', ['images']]]);
  const splits = new Map<string, YoloImage[]>();
  for (const [split, paths] of wanted) {
    for (const path of paths) {
      const found = await firstThere(bases, path, isAllowed);
      if ('reason' in found) {
        problems.add(yaml, 0, `\`${split}\`: ${quote(path)} ${found.reason}`);
        continue;
      }
      const images = splits.get(split) ?? [];
      const more = found.isFolder
        ? await imagesIn(found.path, root, signal)
        : await imagesOf(found.path, root, bases, isAllowed);
      splits.set(split, images.concat(more));
    }
  }
  if (splits.size === 0) {
    const reasons = problems.toArray().map(({ message }) => message);
    throw new UserError(`none of its images can be found: ${reasons.slice(-3).join(', ')}`, {
      where: yaml,
      remedy: 'correct `path`, `train` and `val`, or name the folder of images',
    });
  }
  return { root, splits };
}

async function firstThere(bases: readonly string[], path: string, isAllowed: (path: string) => boolean) {
  const forms = path.startsWith('../') ? [path, path.slice(3)] : [path];
  const paths = bases.flatMap(base => forms.map(form => resolve(base, form)));
  const allowed = paths.filter(isAllowed);
  for (const candidate of allowed) {
    const stats = await stat(candidate).catch(() => undefined);
    if (stats?.isDirectory()) return { path: candidate, isFolder: true };
    if (stats?.isFile() && extname(candidate).toLowerCase() === '.txt') return { path: candidate, isFolder: false };
  }
  return { reason: allowed.length === 0 ? 'leads out of the data set' : 'is not there' };
}

async function imagesIn(folder: string, root: string, signal?: AbortSignal): Promise<YoloImage[]> {
  const paths = await listFiles(folder, isImageFile, signal);
  const above = slashed(relative(root, folder));
  const images: YoloImage[] = [];
  await inTurns(paths.length, i => {
    const path = paths[i] ?? '';
    images.push({ file: pathIn(folder, path), name: above === '' ? path : `${above}/${path}`, reason: '' });
  });
  return images;
}

/** The images that a list names, a line each. */
async function imagesOf(
  list: string,
  root: string,
  bases: readonly string[],
  isAllowed: (path: string) => boolean,
): Promise<YoloImage[]> {
  const names = new FolderNames();
  const { text } = await readTextFile(list, { maxBytes: maxListBytes });
  const images: YoloImage[] = [];
  const from = [...new Set([dirname(list), ...bases])];
  for (const line of text.split(/\r\n?|\n/)) {
    const name = line.trim();
    if (name === '') continue;
    const paths = (isAbsolute(name) ? [name] : from.map(base => resolve(base, name.replaceAll('\\', '/')))).filter(
      isAllowed,
    );
    let file: string | undefined;
    for (const path of paths) {
      if (!(await names.has(dirname(path), basename(path)))) continue;
      file = path;
      break;
    }
    const reason = paths.length === 0 ? 'its path leads out of the data set' : 'there is no such file';
    images.push({ file, name: file === undefined ? name : slashed(relative(root, file)), reason });
  }
  return images;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
