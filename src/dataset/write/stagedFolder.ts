import { randomUUID } from 'node:crypto';
import { copyFile, link, mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { messageOf, UserError } from '../../common/errors';
import { entriesOf } from '../folderListing';

/**
 * A folder of results that appears whole or not at all: it is filled beside its place under another name and renamed
 * at the end. Where files may be replaced in a folder that exists, each takes its place by being renamed.
 */
export class StagedFolder {
  private readonly made = new Set<string>();

  private constructor(
    private readonly target: string,
    /** Where to write. */
    readonly path: string,
  ) {}

  /** @throws UserError when the folder exists, is not empty and may not be written into */
  static async create(target: string, options: { overwrite: boolean }): Promise<StagedFolder> {
    const absolute = resolve(target);
    const names = await readdir(absolute).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw failed(absolute, error);
    });
    if (names.length > 0 && !options.overwrite)
      throw new UserError('the folder is not empty', {
        where: absolute,
        remedy: 'name a new one, or allow files in it to be replaced',
      });
    const path = join(dirname(absolute), `.${basename(absolute)}.${randomUUID()}.tmp`);
    await mkdir(path, { recursive: true }).catch((error: unknown) => {
      throw failed(absolute, error);
    });
    return new StagedFolder(absolute, path);
  }

  /** @param name path relative to the folder */
  async write(name: string, content: string | readonly string[]): Promise<void> {
    const file = await this.prepare(name);
    await writeFile(file, content, { flag: 'wx' }).catch((error: unknown) => {
      throw failed(this.target, error);
    });
  }

  /** Takes a file over: as a second name of the same file where the disk allows it and it is wanted, else copied. */
  async takeOver(file: string, name: string, how: 'link' | 'copy'): Promise<void> {
    const target = await this.prepare(name);
    try {
      if (how === 'link') {
        await link(file, target);
        return;
      }
    } catch {
      // Another disk, or one without links.
    }
    await copyFile(file, target).catch((error: unknown) => {
      throw failed(file, error);
    });
  }

  /** Puts everything in its place. */
  async commit(): Promise<void> {
    try {
      // Succeeds for an empty folder alone; where there is none, or files to keep, the next steps tell.
      await rmdir(this.target).catch(() => undefined);
      const isThere = (await readdir(this.target).catch(() => undefined)) !== undefined;
      if (isThere) {
        await moveInto(this.path, this.target);
        await this.discard();
      } else await rename(this.path, this.target);
    } catch (error) {
      throw failed(this.target, error);
    }
  }

  async discard(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  private async prepare(name: string): Promise<string> {
    const file = join(this.path, name);
    const folder = dirname(file);
    if (!this.made.has(folder)) {
      await mkdir(folder, { recursive: true }).catch((error: unknown) => {
        throw failed(this.target, error);
      });
      this.made.add(folder);
    }
    return file;
  }
}

async function moveInto(from: string, to: string): Promise<void> {
  for await (const entry of entriesOf(from)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await mkdir(target, { recursive: true });
      await moveInto(source, target);
    } else await rename(source, target);
  }
}

function failed(where: string, cause: unknown): UserError {
  if (cause instanceof UserError) return cause;
  return new UserError(`cannot be written: ${messageOf(cause)}`, {
    where,
    remedy: 'check permissions and free space',
    cause,
  });
}
