import { access, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, parse, sep } from 'node:path';

const maxLevels = 5;
const rootMarkers = ['.git', '.hg', '.svn', '.vscode'];

/**
 * The folder of a file and up to four above it, nearest first. The search ends at a folder that looks like the root
 * of a workspace, and before the user's home, the temporary folder and the root of the disk.
 */
export async function searchFolders(file: string): Promise<readonly string[]> {
  const folders: string[] = [];
  const beyond = new Set([parse(file).root, homedir(), tmpdir()]);
  for (let folder = dirname(file); folders.length < maxLevels; folder = dirname(folder)) {
    if (folders.length > 0 && beyond.has(folder)) break;
    folders.push(folder);
    const isRoot = await Promise.all(rootMarkers.map(marker => exists(join(folder, marker))));
    if (isRoot.includes(true) || folder === dirname(folder)) break;
  }
  return folders;
}

/** The parts of a path, without the root; joined again by `sep` they are the end of the path. */
export function pathParts(path: string): string[] {
  return path.split(sep).filter(part => part !== '');
}

/** A file's name with another extension, without its folder. */
export function withExtension(name: string, extension: string): string {
  return `${parse(name).name}${extension}`;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Whether the path leads to a file, through links or not; false when it cannot be told. */
export async function isRegularFile(path: string): Promise<boolean> {
  return stat(path).then(
    stats => stats.isFile(),
    () => false,
  );
}
