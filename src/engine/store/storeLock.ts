import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { UserError } from '../../common/errors';

/** How often the holder shows that it lives, and after which silence it is taken for dead, milliseconds. */
const heartbeat = 5_000;
const silence = 60_000;

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

/**
 * Says which process writes a store, in a file beside it. SQLite's own locks are of no use here: the driver's is a
 * folder that outlives a killed process and names nobody.
 */
export class StoreLock {
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly file: string,
    private readonly token: string,
  ) {
    this.timer = setInterval(() => this.beat(), heartbeat);
    this.timer.unref();
  }

  /** Takes over from a holder that has died. Throws a UserError while another process holds the lock. */
  static async acquire(store: string): Promise<StoreLock> {
    const file = lockFile(store);
    const holder: Holder = { pid: process.pid, host: hostname(), token: randomUUID() };
    for (let attempt = 0; ; attempt++) {
      try {
        await writeWhole(file, JSON.stringify(holder));
        return new StoreLock(file, holder.token);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(store, error);
      }
      const found = await contentOf(file);
      const other = livingHolder(store);
      if (other !== undefined || attempt > 2) {
        throw new UserError(`is being written by ${other ?? 'another process'}`, {
          where: store,
          remedy: `wait until it is done, or name another store; if nothing runs, delete ${file}`,
        });
      }
      if (found !== undefined) await removeDead(file, found);
    }
  }

  /** Throws a UserError once another process has taken over, which it does after a minute without sign of life. */
  check(): void {
    if (readHolder(this.file)?.token === this.token) return;
    throw new UserError('was taken over by another process while this one stood still', {
      where: this.file,
      remedy: 'run again with --resume',
    });
  }

  release(): void {
    clearInterval(this.timer);
    if (readHolder(this.file)?.token === this.token) rmSync(this.file, { force: true });
  }

  private beat(): void {
    try {
      const now = new Date();
      utimesSync(this.file, now, now);
    } catch {
      // Deleted by hand or taken over: the next check tells.
    }
  }
}

/** Who writes a store at the moment, in words; undefined when nobody alive does. */
export function livingHolder(store: string): string | undefined {
  const file = lockFile(store);
  const holder = readHolder(file);
  if (holder === undefined) return undefined;
  try {
    if (Date.now() - statSync(file).mtimeMs > silence) return undefined;
  } catch {
    return undefined;
  }
  if (holder.host === hostname() && !isAlive(holder.pid)) return undefined;
  return `process ${holder.pid}${holder.host === hostname() ? '' : ` on ${holder.host}`}`;
}

/** Makes a file that is there with all of its text or not at all. Throws what the system says where there is one. */
async function writeWhole(file: string, text: string): Promise<void> {
  const aside = `${file}-${randomUUID()}`;
  try {
    await writeFile(aside, text, { flag: 'wx' });
    await link(aside, file).catch(async (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
      // A file system without links.
      await writeFile(file, text, { flag: 'wx' });
    });
  } finally {
    await rm(aside, { force: true });
  }
}

/**
 * Removes what a dead process has left, and nothing else: another process may have found it as well, and have taken its
 * place by now.
 */
async function removeDead(file: string, found: string): Promise<void> {
  if ((await contentOf(file)) !== found) return;
  const aside = `${file}-${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw unwritable(file, error);
  }
  // In the moment between the two, too; unless somebody is there again, it gets its place back.
  if ((await contentOf(aside)) !== found) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Undefined where there is no such file. */
function contentOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

function lockFile(store: string): string {
  return `${store}-writer`;
}

function readHolder(file: string): Holder | undefined {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder> | null;
    const isHolder =
      typeof value?.pid === 'number' && typeof value.host === 'string' && typeof value.token === 'string';
    return isHolder ? (value as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function unwritable(store: string, cause: unknown): UserError {
  return new UserError('the folder of the store cannot be written to', {
    where: store,
    remedy: 'check permissions and free space, or name another place with --store',
    cause,
  });
}
