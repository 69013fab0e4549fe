import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isImageFile } from '../imageFiles';
import { pathIn } from '../datasetPaths';
import { listFiles } from '../folderListing';
import { inTurns } from '../turns';

const annotationFolders = [join('annotations', 'xmls'), 'Annotations', 'annotations'];
const imageFolders = ['JPEGImages', 'images', 'Images'];

/** Where the parts of a Pascal VOC data set are. */
export interface VocFolder {
  readonly root: string;
  readonly annotations: string;
  /** Paths of the XML files relative to `annotations`, without extension, sorted. */
  readonly stems: readonly string[];
}

/** The Pascal VOC data set of a folder: its root, its folder of XML files, or a folder of XML files and images. */
export async function findVocFolder(folder: string, signal?: AbortSignal): Promise<VocFolder | undefined> {
  const inner = annotationFolders.map(name => ({ root: folder, annotations: join(folder, name) }));
  const own = /^(?:annotations|xmls)$/i.test(basename(folder)) ? dirname(folder) : folder;
  for (const { root, annotations } of [...inner, { root: own, annotations: folder }]) {
    const files = await listFiles(annotations, name => /\.xml$/i.test(name), signal);
    const stems: string[] = [];
    await inTurns(files.length, i => stems.push(withoutExtension(files[i] ?? '')));
    if (stems.length > 0) return { root, annotations, stems };
  }
  return undefined;
}

/**
 * Finds images by their path without extension: in the folders given, else in `JPEGImages`, `images` or beside the XML
 * files, else anywhere below the root if the base name agrees.
 */
export class VocImageFiles {
  private constructor(
    private readonly byStem: ReadonlyMap<string, string>,
    private readonly byBase: ReadonlyMap<string, string>,
  ) {}

  static async open(
    { root, annotations, stems }: VocFolder,
    given: readonly string[],
    signal?: AbortSignal,
  ): Promise<VocImageFiles> {
    const byStem = new Map<string, string>();
    const byBase = new Map<string, string>();
    for (const folder of [...given, ...imageFolders.map(name => join(root, name)), annotations, root]) {
      if (!(await isFolder(folder))) continue;
      const paths = await listFiles(folder, isImageFile, signal);
      await inTurns(paths.length, i => {
        const path = paths[i] ?? '';
        const [stem, file] = [withoutExtension(path), pathIn(folder, path)];
        if (!byStem.has(stem)) byStem.set(stem, file);
        if (!byBase.has(baseOf(stem))) byBase.set(baseOf(stem), file);
      });
      let unresolved = 0;
      await inTurns(stems.length, i => {
        const stem = stems[i] ?? '';
        if (!byStem.has(stem) && !byBase.has(baseOf(stem))) unresolved++;
      });
      if (unresolved === 0) break;
    }
    return new VocImageFiles(byStem, byBase);
  }

  find(stem: string): string | undefined {
    return this.byStem.get(stem) ?? this.byBase.get(baseOf(stem));
  }
}

function withoutExtension(path: string): string {
  return path.replace(/\.[^./]+$/, '');
}

function baseOf(stem: string): string {
  return stem.slice(stem.lastIndexOf('/') + 1);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    stats => stats.isDirectory(),
    () => false,
  );
}
