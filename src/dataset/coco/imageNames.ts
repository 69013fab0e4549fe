import { resolve } from 'node:path';

/** How well a file name in a COCO file names an image. Larger is better. */
export interface NameMatch {
  readonly score: number;
  /** Whether every part of the name agrees with the image's path, and not only some last ones. */
  readonly whole: boolean;
}

/**
 * Compares a COCO `file_name` with the path of an image; nothing is opened by that name. From best to worst: the name
 * leads from the JSON file's folder (or from the root) to the image; the whole name is the end of the image's path;
 * more last parts agree; the base name agrees up to upper and lower case. Undefined when not even that.
 */
export function matchName(name: string, imageFile: string, jsonFolder: string): NameMatch | undefined {
  const wanted = parts(imageFile);
  const given = parts(name).filter(part => part !== '.' && part !== '..');
  const base = given[given.length - 1];
  const wantedBase = wanted[wanted.length - 1];
  if (base === undefined || wantedBase === undefined || fold(base) !== fold(wantedBase)) return undefined;

  const sameCase = base === wantedBase;
  let common = 1;
  while (common < given.length && common < wanted.length) {
    if (given[given.length - 1 - common] !== wanted[wanted.length - 1 - common]) break;
    common++;
  }
  const leadsThere = parts(resolve(jsonFolder, name.replaceAll('\\', '/'))).join('/') === wanted.join('/');
  const whole = common === given.length || leadsThere;
  const bounded = Math.min(common, 1000);
  return { score: (leadsThere ? 1e5 : 0) + (whole ? 1e4 : 0) + 2 * bounded + (sameCase ? 1 : 0), whole };
}

/** 32-bit hash (FNV-1a) of a path's last part, equal for names that differ in case or Unicode normal form only. */
export function hashBaseName(name: string): number {
  const base = fold(name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1));
  let hash = 0x811c9dc5;
  for (let i = 0; i < base.length; i++) hash = Math.imul(hash ^ base.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Whether a JSON file's name holds the letters of one of the last folders of a path: `val` of `val2017`. */
export function isNamedAfter(jsonName: string, folder: string): boolean {
  const letters = (text: string) => text.toLowerCase().replace(/[^\p{L}]+/gu, '');
  const name = letters(jsonName);
  return parts(folder)
    .slice(-3)
    .map(letters)
    .some(part => part.length >= 3 && part !== 'images' && name.includes(part));
}

function parts(path: string): string[] {
  return path
    .normalize('NFC')
    .split(/[\\/]+/)
    .filter(part => part !== '');
}

/** macOS decomposes accents in file names; Windows and macOS ignore case. */
function fold(part: string): string {
  return part.normalize('NFC').toLowerCase();
}
