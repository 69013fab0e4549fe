import type { Dirent } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfCancelled, UserError } from '../common/errors';
import { fileError } from './fileErrors';
import { sortInTurns } from './turns';

/** Most files of one data set. */
export const maxFiles = 2_000_000;
const maxDepth = 32;

/** Entries of a folder in no order; none where it is missing or may not be read. */
export async function* entriesOf(folder: string, signal?: AbortSignal): AsyncGenerator<Dirent> {
  try {
    for await (const entry of await opendir(folder, { bufferSize: 1024 })) {
      throwIfCancelled(signal);
      yield entry;
    }
  } catch (error) {
    if (!(fileError(error, folder) instanceof UserError)) throw error;
  }
}

/** Whether an entry is a folder, or a file, through a link or not. */
export async function kindOf(folder: string, entry: Dirent): Promise<'folder' | 'file' | undefined> {
  if (entry.isDirectory()) return 'folder';
  if (entry.isFile()) return 'file';
  if (!entry.isSymbolicLink()) return undefined;
  const stats = await stat(join(folder, entry.name)).catch(() => undefined);
  if (stats?.isDirectory()) return 'folder';
  return stats?.isFile() ? 'file' : undefined;
}

/**
 * Files beneath a folder whose names are wanted, as paths relative to it with `/` between their parts, sorted by code
 * unit. Hidden files and folders, packages, and links to folders are passed over.
 * @throws UserError when there are more than two million
 */
export async function listFiles(
  folder: string,
  wanted: (name: string) => boolean,
  signal?: AbortSignal,
): Promise<string[]> {
  const files: string[] = [];
  const visit = async (inner: string, depth: number): Promise<void> => {
    const folders: string[] = [];
    for await (const entry of entriesOf(join(folder, inner), signal)) {
      const path = inner === '' ? entry.name : `${inner}/${entry.name}`;
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      if (entry.isDirectory()) folders.push(path);
      else if (wanted(entry.name) && (await kindOf(join(folder, inner), entry)) === 'file') files.push(path);
      if (files.length > maxFiles)
        throw new UserError(`holds more than ${maxFiles} files`, { where: folder, remedy: 'open a part of it' });
    }
    if (depth < maxDepth) for (const path of folders) await visit(path, depth + 1);
  };
  await visit('', 0);
  return sortInTurns(files);
}

/** Names and folders remembered by {@link FolderNames} before it begins anew. */
const maxRemembered = 4_000_000;

/** Names of the files in folders, each folder read once. For asking about many files in few folders. */
export class FolderNames {
  private readonly known = new Map<string, Promise<ReadonlySet<string>>>();
  private remembered = 0;

  async has(folder: string, name: string): Promise<boolean> {
    return (await this.namesIn(folder)).has(name);
  }

  private namesIn(folder: string): Promise<ReadonlySet<string>> {
    const known = this.known.get(folder);
    if (known !== undefined) return known;
    if (this.remembered > maxRemembered) {
      this.known.clear();
      this.remembered = 0;
    }
    const names = readNames(folder);
    this.known.set(folder, names);
    // An empty folder costs about as much as some names.
    void names.then(({ size }) => (this.remembered += size + 10)).catch(() => undefined);
    return names;
  }
}

async function readNames(folder: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const entry of entriesOf(folder)) {
    if (!entry.isDirectory()) names.add(entry.name);
    if (names.size === maxFiles) break;
  }
  return names;
}
