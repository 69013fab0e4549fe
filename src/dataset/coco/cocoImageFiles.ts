import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { isWithin } from '../datasetPaths';
import { entriesOf, FolderNames } from '../folderListing';
import { pathParts } from '../searchFolders';
import { isNamedAfter } from './imageNames';

const maxFolders = 500;
const sampleSize = 50;
const ignored = /^\.|^(?:node_modules|__pycache__|annotations|labels)$/i;

/** Where the image is that a COCO file names, or why there is none. */
export type FoundImage = { readonly file: string } | { readonly reason: string };

/**
 * Finds the images that a COCO file names. COCO does not say where they are: looked for in the folders that were
 * given, then beside the file and in folders down to two levels below it or the folder above it, the ones that hold
 * most of the first images before the others. What an absolute name has in common with no folder here is dropped from
 * its front. No name leads out of these folders.
 */
export class CocoImageFiles {
  private readonly folderNames = new FolderNames();

  private constructor(
    private readonly jsonFolder: string,
    /** A path may lead into one of these. */
    private readonly boundaries: readonly string[],
    private folders: readonly string[],
  ) {}

  /** @param given folders where the images are, if the user named any */
  static async open(
    jsonFile: string,
    boundary: string,
    given: readonly string[],
    firstNames: readonly string[],
  ): Promise<CocoImageFiles> {
    const own = dirname(jsonFile);
    const around = [...new Set([own, boundary])];
    const inside = await foldersBelow(around);
    // `val2017` before `train2017` for `instances_val2017.json`; the sort is stable.
    inside.sort((a, b) => Number(isNamedAfter(basename(jsonFile), b)) - Number(isNamedAfter(basename(jsonFile), a)));
    const candidates = [...new Set([...given, ...around, ...inside])];
    const files = new CocoImageFiles(own, [boundary, ...given], candidates);
    const hits = new Map<string, number>();
    const sample = firstNames.slice(0, sampleSize);
    for (const folder of candidates) {
      const count = await files.countIn(folder, sample);
      hits.set(folder, count);
      if (count > 0 && count === sample.length) break;
    }
    const worth = (folder: string) => (given.includes(folder) ? sampleSize + 1 : 0) + (hits.get(folder) ?? 0);
    files.folders = candidates.sort((a, b) => worth(b) - worth(a));
    return files;
  }

  async find(name: string): Promise<FoundImage> {
    const parts = nameParts(name);
    const base = parts.at(-1);
    if (base === undefined || base === '..') return { reason: 'its name is empty' };
    const direct = resolve(this.jsonFolder, name.replaceAll('\\', '/'));
    const allowed = (path: string) => this.boundaries.some(boundary => isWithin(boundary, path));
    const inside = allowed(direct);
    if (inside && (await this.isThere(direct))) return { file: direct };
    const leadsOut = parts.includes('..');
    if (!leadsOut) {
      // An absolute name may come from another machine: its last parts may be a path here.
      const tails = isAbsoluteName(name) ? [4, 3, 2, 1].filter(count => count <= parts.length) : [parts.length];
      for (const count of tails) {
        const tail = parts.slice(-count).join('/');
        for (const folder of this.folders)
          if (await this.isThere(join(folder, tail))) return { file: join(folder, tail) };
      }
      // Names that differ in case or Unicode form are the same file on some disks.
      const likeliest = join(this.folders[0] ?? this.jsonFolder, parts.join('/'));
      if (allowed(likeliest) && (await isFile(likeliest))) return { file: likeliest };
    }
    if (!inside) return { reason: 'its path leads out of the data set' };
    return { reason: `there is no such file in ${this.folders.length} folders` };
  }

  private isThere(path: string): Promise<boolean> {
    return this.folderNames.has(dirname(path), basename(path));
  }

  private async countIn(folder: string, names: readonly string[]): Promise<number> {
    let count = 0;
    for (const name of names) {
      const parts = nameParts(name);
      if (parts.includes('..')) continue;
      if (await this.isThere(join(folder, isAbsoluteName(name) ? (parts.at(-1) ?? '') : parts.join('/')))) count++;
    }
    return count;
  }
}

function nameParts(name: string): string[] {
  const parts = name.split(/[\\/]+/).filter(part => part !== '' && part !== '.');
  return /^[a-z]:$/i.test(parts[0] ?? '') ? parts.slice(1) : parts;
}

function isAbsoluteName(name: string): boolean {
  return /^(?:[\\/]|[a-z]:[\\/]|https?:)/i.test(name);
}

/** Folders one and two levels below others, by name, nearest first. */
async function foldersBelow(parents: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  let level: string[] = [...parents];
  for (let depth = 0; depth < 2; depth++) {
    const next: string[] = [];
    for (const parent of level) {
      const names: string[] = [];
      for await (const entry of entriesOf(parent)) {
        // Images are often linked to from the folder that the data set is worked on in.
        if ((entry.isDirectory() || entry.isSymbolicLink()) && !ignored.test(entry.name)) names.push(entry.name);
        if (names.length === maxFolders) break;
      }
      next.push(...names.sort().map(name => join(parent, name)));
      if (found.length + next.length >= maxFolders) break;
    }
    found.push(...next);
    level = next;
  }
  const depthOf = (folder: string) => pathParts(relative(parents[0] ?? '', folder)).length;
  return [...new Set(found)].slice(0, maxFolders).sort((a, b) => depthOf(a) - depthOf(b));
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    stats => stats.isFile(),
    () => false,
  );
}
