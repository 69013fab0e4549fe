import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { searchFolders } from './searchFolders';

/**
 * The folder that nothing named in a data set's files may lead out of: the one above the file's own, so that
 * `annotations/x.json` can name `../images`; the file's own where that is the root of a workspace.
 */
export async function boundaryOf(file: string): Promise<string> {
  const [own = dirname(file), parent = own] = await searchFolders(file);
  return parent;
}

/** Whether a path is the folder or leads into it. Links are not followed. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A path with `/` between its parts. */
export function slashed(path: string): string {
  return path.split(sep).join('/');
}

/** A path in a folder, given with `/` between its parts. Cheaper than `join` where that is the separator. */
export function pathIn(folder: string, path: string): string {
  return sep === '/' && !folder.endsWith(sep) ? `${folder}/${path}` : join(folder, path);
}
