import { isAbsolute, relative } from 'node:path';

/**
 * A file as it is shown: relative to `base`, so that it opens from there and tells nothing of the machine, unless the
 * way there is longer than the file's own path.
 *
 * @param base the working folder by default
 */
export function shortPath(file: string, base = process.cwd()): string {
  const path = relative(base, file);
  return path === '' || isAbsolute(path) || path.length >= file.length ? file : path;
}
