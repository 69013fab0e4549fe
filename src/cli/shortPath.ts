import { isAbsolute, relative, sep } from 'node:path';

/**
 * A file as it is shown: relative to `base`, so that it opens from there and tells nothing of the machine, unless it
 * lies on another drive or has nothing but the root in common with `base`.
 *
 * @param base the working folder by default
 */
export function shortPath(file: string, base = process.cwd()): string {
  const path = relative(base, file);
  if (path === '' || isAbsolute(path)) return file;
  const climbed = path.split(sep).findIndex(part => part !== '..');
  const depth = base.split(sep).filter(part => part !== '').length;
  return climbed > 0 && climbed >= depth ? file : path;
}
