/**
 * Opens stores. While a run writes, the store is in SQLite's write-ahead mode, where a process may be killed at any
 * moment and commits cost no flush; at rest it is one plain file.
 *
 * The driver (SQLite in WebAssembly) has no shared memory and locks by making a folder that outlives a killed process,
 * and it never plays back a rollback journal, because it takes its own lock for another's. So a run holds the file
 * alone (`locking_mode=EXCLUSIVE`, which needs no shared memory) under {@link StoreLock}, left-over lock folders are
 * removed under it, and the log of a killed run is played back by the next one to open the store.
 */
import { copyFileSync, closeSync, existsSync, mkdtempSync, openSync, readSync, rmdirSync, rmSync } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Database } from 'node-sqlite3-wasm';
import { messageOf, UserError } from '../../common/errors';
import { storeFolder } from '../../dataset/storePlace';
import { ensureLossCounts } from './lossCounts';
import { loadSqlite, type OpenDatabase } from './sqlite';
import { applicationId, indexSql, schemaSql, schemaVersion } from './schema';
import { livingHolder, StoreLock } from './storeLock';

export interface WritableStore {
  readonly database: Database;
  readonly lock: StoreLock;
  close(): void;
}

/**
 * Opens a store to write, alone, and makes it where there is none.
 *
 * @param options.fresh drops what a store of this name holds
 * @throws UserError where the file is no store, another process writes it, or the place cannot be written
 */
export async function openWritable(file: string, options: { fresh: boolean }): Promise<WritableStore> {
  const open = await loadSqlite();
  await prepareFolder(dirname(file));
  if (existsSync(file) && !isEmpty(file)) requireStore(file);
  const lock = await StoreLock.acquire(file);
  try {
    removeLockFolder(file);
    if (options.fresh) removeStore(file);
    let database = openExclusive(open, file);
    if (schemaOf(database) !== schemaVersion && schemaOf(database) !== 0) {
      database.close();
      removeStore(file);
      database = openExclusive(open, file);
    }
    if (schemaOf(database) === 0) database.exec(`BEGIN; ${schemaSql} COMMIT;`);
    database.exec(indexSql);
    ensureLossCounts(database);
    return {
      database,
      lock,
      close: () => {
        try {
          // Checkpoints and removes the log: at rest any client may open the file.
          database.exec('PRAGMA journal_mode = DELETE');
        } finally {
          database.close();
          lock.release();
        }
      },
    };
  } catch (error) {
    lock.release();
    throw storeError(file, error);
  }
}

/**
 * Reads a store that this process does not write. While another process writes it, a copy is read, which takes about a
 * second per gigabyte. What a killed run left behind is put in order first.
 */
export async function readStore<T>(file: string, read: (database: Database) => T): Promise<T> {
  if (!existsSync(file) || isEmpty(file)) throw noStore(file);
  requireStore(file);
  const open = await loadSqlite();
  for (let attempt = 0; ; attempt++) {
    try {
      if (livingHolder(file) !== undefined) return readCopy(open, file, read);
      if (existsSync(`${file}-wal`)) (await openWritable(file, { fresh: false })).close();
      return readAt(open, file, read);
    } catch (error) {
      // Another process has just begun or is reading in this moment.
      if (attempt >= 20 || error instanceof UserError) throw storeError(file, error);
      if (attempt === 19 && livingHolder(file) === undefined) removeLockFolder(file);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }
}

function readAt<T>(open: OpenDatabase, file: string, read: (database: Database) => T): T {
  const database = open(file, { readOnly: true });
  try {
    requireResults(database, file);
    return read(database);
  } finally {
    database.close();
  }
}

/** The log is copied last: pages that reach the database meanwhile are in it too. */
function readCopy<T>(open: OpenDatabase, file: string, read: (database: Database) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'focal-lens-store-'));
  try {
    const copy = join(folder, basename(file));
    const generation = logGeneration(file);
    copyFileSync(file, copy);
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
    if (logGeneration(file) !== generation) throw new Error('the store changed while it was copied');
    const database = openExclusive(open, copy);
    try {
      requireResults(database, file);
      return read(database);
    } finally {
      database.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Checkpoint number and salts of the log (bytes 12 to 24): they change when it starts from its beginning again. */
function logGeneration(file: string): string {
  return existsSync(`${file}-wal`) ? bytesAt(`${file}-wal`, 12, 12).toString('hex') : '';
}

function openExclusive(open: OpenDatabase, file: string): Database {
  const database = open(file);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    if (schemaOf(database) === 0) database.exec(`PRAGMA application_id = ${applicationId}`);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000;');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function schemaOf(database: Database): number {
  return Number(database.get('PRAGMA user_version')?.user_version ?? 0);
}

/** Throws a UserError for a file that is not a store of ours: nothing else is ever written to or removed. */
function requireStore(file: string): void {
  const header = bytesAt(file, 0, 100);
  const isSqlite = header.toString('latin1', 0, 16) === 'SQLite format 3\0';
  if (isSqlite && header.length === 100 && header.readUInt32BE(68) === applicationId) return;
  throw new UserError(`is ${isSqlite ? 'an SQLite file, but not one of Focal Lens' : 'not a Focal Lens store'}`, {
    where: file,
    remedy: 'name a file that focal-lens analyze-dataset wrote, or a new one',
  });
}

function isEmpty(file: string): boolean {
  return bytesAt(file, 0, 1).length === 0;
}

/** Throws a UserError where a run was killed before it made the tables, or where they are another version's. */
function requireResults(database: Database, file: string): void {
  const schema = schemaOf(database);
  if (schema === 0) throw noStore(file);
  if (schema === schemaVersion) return;
  throw new UserError('is a store of another version of Focal Lens', {
    where: file,
    remedy: 'run focal-lens analyze-dataset, which computes it anew',
  });
}

function noStore(file: string): UserError {
  return new UserError('there is no such store', { where: file, remedy: 'run focal-lens analyze-dataset first' });
}

function bytesAt(file: string, position: number, length: number): Buffer {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
  } catch (cause) {
    throw new UserError(`cannot be read: ${messageOf(cause)}`, { where: file, remedy: 'name a file', cause });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function removeStore(file: string): void {
  for (const suffix of ['-wal', '-shm', '-journal', '']) rmSync(`${file}${suffix}`, { force: true });
}

/** The driver's lock of a process that was killed. */
function removeLockFolder(file: string): void {
  try {
    rmdirSync(`${file}.lock`);
  } catch {
    // There is none.
  }
}

async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if (basename(folder) !== storeFolder) return;
    const ignore = join(folder, '.gitignore');
    const isThere = await stat(ignore).then(
      () => true,
      () => false,
    );
    if (!isThere) await writeFile(ignore, '*\n');
  } catch (cause) {
    throw new UserError(`the folder of the store cannot be made: ${messageOf(cause)}`, {
      where: folder,
      remedy: 'name another place with --store',
      cause,
    });
  }
}

function storeError(file: string, error: unknown): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error;
  const isDriver = error.name === 'SQLite3Error' || 'code' in error;
  if (!isDriver) return error;
  return new UserError(`the store cannot be used: ${messageOf(error)}`, {
    where: file,
    remedy: 'check permissions and free space, or start anew with another --store',
    cause: error,
  });
}
