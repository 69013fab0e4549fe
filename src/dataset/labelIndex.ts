import { opendir, stat } from 'node:fs/promises';
import { UserError } from '../common/errors';
import { CocoIndex } from './coco/cocoIndex';
import type { NotCoco } from './coco/scanCoco';
import { fileError, isMissing } from './fileErrors';
import { isLabelFile } from './imageFiles';
import { readNamesList, readYamlNames, type ClassNames } from './yolo/classNames';

interface Cached<T> {
  /** Changes when the file changes. */
  readonly stamp: string;
  readonly value: Promise<T>;
  /** Of the settled value. */
  bytes: number;
}

const maxCachedBytes = 256 * 1024 * 1024;
const maxFolderEntries = 1_000_000;

/**
 * What has been learnt about label files and folders, so that the second image of a data set is answered at once.
 * Whoever reads labels owns one and drops it when done. Entries are renewed when a file's or folder's modification
 * time or size changes; the oldest go when all together hold more than 256 MiB.
 */
export class LabelIndex {
  private readonly cocoFiles = new Map<string, Cached<CocoIndex | NotCoco>>();
  private readonly names = new Map<string, Cached<ClassNames | undefined>>();
  private readonly folders = new Map<string, Cached<readonly string[]>>();

  /**
   * The scanned COCO file, or why the file is none.
   * @param options.sniff the file may be anything, see `scanCoco`
   * @throws UserError for a file that cannot be read or is malformed JSON
   */
  async coco(file: string, options: { sniff: boolean }): Promise<CocoIndex | NotCoco> {
    const stamp = await stampOf(file);
    const scanned = (sniff: boolean) =>
      renew(
        this.cocoFiles,
        `${sniff ? 'sniff' : 'scan'} ${file}`,
        stamp,
        () => CocoIndex.open(file, { sniff }),
        index => (index instanceof CocoIndex ? index.byteLength : 1000),
      );
    const found = await scanned(true);
    return 'notCoco' in found && found.sniffed && !options.sniff ? scanned(false) : found;
  }

  /**
   * The class names in a YAML file, or in a text file with one a line; undefined for YAML without `names`.
   * @throws UserError for a file that cannot be read or is malformed YAML
   */
  async classNames(file: string): Promise<ClassNames | undefined> {
    return renew(
      this.names,
      file,
      await stampOf(file),
      () => (/\.ya?ml$/i.test(file) ? readYamlNames(file) : readNamesList(file)),
      classes => 1000 + 100 * (classes?.names.size ?? 0),
    );
  }

  /** Names of the files in a folder that may hold labels or class names, sorted; none where there is no such folder. */
  async labelFileNames(folder: string): Promise<readonly string[]> {
    let stats;
    try {
      stats = await stat(folder, { bigint: true });
    } catch (error) {
      if (isMissing(error) || fileError(error, folder) instanceof UserError) return [];
      throw error;
    }
    if (!stats.isDirectory()) return [];
    return renew(
      this.folders,
      folder,
      `${stats.mtimeNs} ${stats.size}`,
      () => readFolder(folder),
      names => names.reduce((sum, name) => sum + 2 * name.length + 50, 100),
    );
  }
}

/** @throws UserError when there is no such file, or something else of that name */
async function stampOf(file: string): Promise<string> {
  const stats = await stat(file, { bigint: true }).catch((error: unknown) => {
    throw fileError(error, file);
  });
  // Opening a named pipe would wait for its writer.
  if (!stats.isFile()) throw new UserError('is no regular file', { where: file, remedy: 'name a file' });
  return `${stats.mtimeNs} ${stats.size}`;
}

/** The cached value if it was read from the same state of the file, else a new one. */
function renew<T>(
  cache: Map<string, Cached<T>>,
  key: string,
  stamp: string,
  read: () => Promise<T>,
  bytesOf: (value: T) => number,
): Promise<T> {
  const known = cache.get(key);
  if (known?.stamp === stamp) {
    // Most recently used last.
    cache.delete(key);
    cache.set(key, known);
    return known.value;
  }
  const cached: Cached<T> = { stamp, value: read(), bytes: 0 };
  cache.set(key, cached);
  cached.value.then(
    value => {
      cached.bytes = bytesOf(value);
      evict(cache, cached);
    },
    (error: unknown) => {
      // What is wrong with a file stays wrong until it changes; a failing disk or a lack of memory may not.
      if (!(error instanceof UserError) && cache.get(key) === cached) cache.delete(key);
    },
  );
  return cached.value;
}

/** Drops the least recently used entries, but never `newest`. */
function evict<T>(cache: Map<string, Cached<T>>, newest: Cached<T>): void {
  let total = 0;
  for (const { bytes } of cache.values()) total += bytes;
  for (const [key, cached] of cache) {
    if (total <= maxCachedBytes) return;
    if (cached === newest) continue;
    total -= cached.bytes;
    cache.delete(key);
  }
}

async function readFolder(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  let seen = 0;
  try {
    for await (const entry of await opendir(folder, { bufferSize: 1024 })) {
      if (++seen > maxFolderEntries) break;
      if (!entry.isDirectory() && mayMatter(entry.name)) names.push(entry.name);
    }
  } catch (error) {
    // A folder that may not be read holds nothing for us.
    if (!(fileError(error, folder) instanceof UserError)) throw error;
  }
  return names.sort();
}

/** A folder of YOLO labels holds a text file per image: of those only lists of class names matter. */
function mayMatter(name: string): boolean {
  if (/\.txt$/i.test(name)) return /classes/i.test(name);
  return (isLabelFile(name) && !/\.xml$/i.test(name)) || /\.(?:names|labels)$/i.test(name);
}
