import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { Database } from 'node-sqlite3-wasm';
import { describe, expect, it } from 'vitest';
import { applicationId, schemaVersion } from '../../../src/engine/store/schema';
import { openWritable, readStore } from '../../../src/engine/store/storeFile';
import { livingHolder, StoreLock } from '../../../src/engine/store/storeLock';
import { temporaryFolder } from '../helpers/temporaryFolder';

const folder = await temporaryFolder();
let files = 0;
const newFile = () => join(folder, `store${files++}.sqlite`);
const count = (database: Database) => Number(database.get('SELECT count(*) AS n FROM properties')?.n);
const add = (database: Database, name: string) =>
  database.run('INSERT OR IGNORE INTO properties VALUES (?, ?)', [name, 'value']);

/** The id of a process that has ended. */
async function deadProcess(): Promise<number> {
  const file = join(folder, 'nothing.js');
  await writeFile(file, '');
  const child = fork(file);
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('a store at rest', () => {
  it('is one plain file, whatever reads it', async () => {
    const file = newFile();
    const store = await openWritable(file, { fresh: false });
    add(store.database, 'a');
    expect(existsSync(`${file}-wal`)).toBe(true);
    store.close();
    for (const suffix of ['-wal', '-shm', '-journal', '-writer', '.lock']) {
      expect(existsSync(`${file}${suffix}`)).toBe(false);
    }
    const header = await readFile(file);
    // Bytes 18 and 19: 1 for a rollback journal, 2 for a write-ahead log; 68: the application's id.
    expect([header[18], header[19], header.toString('latin1', 68, 72)]).toEqual([1, 1, 'FLen']);
    expect(await readStore(file, count)).toBe(1);
  });

  it('keeps what it holds unless it is opened afresh', async () => {
    const file = newFile();
    for (const [fresh, expected] of [
      [false, 0],
      [false, 1],
      [true, 0],
    ] as const) {
      const store = await openWritable(file, { fresh });
      expect(count(store.database)).toBe(expected);
      add(store.database, 'a');
      store.close();
    }
  });
});

describe('a store that is being written', () => {
  it('is refused to other writers, and read by others as far as it is committed', async () => {
    const file = newFile();
    const store = await openWritable(file, { fresh: false });
    add(store.database, 'a');
    store.database.exec("BEGIN; INSERT INTO properties VALUES ('b', 'not yet')");
    await expect(openWritable(file, { fresh: false })).rejects.toThrow(/is being written by process \d+; wait/);
    expect(await readStore(file, count)).toBe(1);
    store.database.exec('COMMIT');
    expect(await readStore(file, count)).toBe(2);
    store.close();
    expect(await readStore(file, count)).toBe(2);
  });

  it('notices that another process took over while this one stood still', async () => {
    const file = newFile();
    const store = await openWritable(file, { fresh: false });
    const old = new Date(Date.now() - 120_000);
    await utimes(`${file}-writer`, old, old);
    expect(livingHolder(file)).toBeUndefined();
    await writeFile(`${file}-writer`, JSON.stringify({ pid: process.pid, host: hostname(), token: 'other' }));
    expect(() => store.lock.check()).toThrow(/taken over/);
    store.close();
    // The lock is the other's now.
    expect(existsSync(`${file}-writer`)).toBe(true);
  });
});

describe('what a killed process leaves', () => {
  it('is put in order: its lock, the lock of the driver, and its log', async () => {
    const file = newFile();
    const writer = join(folder, 'writer.cjs');
    await writeFile(
      writer,
      `const { Database } = require(${JSON.stringify(require.resolve('node-sqlite3-wasm'))});
       const database = new Database(${JSON.stringify(file)});
       database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL");
       database.run("INSERT INTO properties VALUES ('b', 'committed')");
       database.exec("BEGIN; INSERT INTO properties VALUES ('c', 'lost')");
       process.kill(process.pid, 'SIGKILL');`,
    );
    const store = await openWritable(file, { fresh: false });
    add(store.database, 'a');
    store.close();
    await once(fork(writer), 'exit');
    await writeFile(`${file}-writer`, JSON.stringify({ pid: await deadProcess(), host: hostname(), token: 'dead' }));
    expect([existsSync(`${file}-wal`), existsSync(`${file}.lock`)]).toEqual([true, true]);
    expect(await readStore(file, count)).toBe(2);
    expect([existsSync(`${file}-wal`), existsSync(`${file}.lock`)]).toEqual([false, false]);
  });

  it('is taken over by one of those who find it', async () => {
    const file = newFile();
    const dead = await deadProcess();
    for (let time = 0; time < 5; time++) {
      await writeFile(`${file}-writer`, JSON.stringify({ pid: dead, host: hostname(), token: 'dead' }));
      const found = await Promise.allSettled(Array.from({ length: 8 }, () => StoreLock.acquire(file)));
      const [lock, ...others] = found.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []));
      expect(others).toEqual([]);
      lock?.check();
      lock?.release();
    }
    expect((await readdir(folder)).filter(name => name.startsWith(`${basename(file)}-writer`))).toEqual([]);
  });

  it('does not keep readers out either', async () => {
    const file = newFile();
    (await openWritable(file, { fresh: false })).close();
    await mkdir(`${file}.lock`);
    expect(await readStore(file, count)).toBe(0);
  });

  it.each([
    ['nothing', ''],
    ['half a lock', '{"pid": 1'],
  ])('may be %s in its lock file', async (_, content) => {
    const file = newFile();
    await writeFile(`${file}-writer`, content);
    (await openWritable(file, { fresh: false })).close();
    expect(await readStore(file, count)).toBe(0);
  });
});

describe('a file that is no store', () => {
  it.each([
    ['text', () => Promise.resolve('SELECT'), /is not a Focal Lens store/],
    ['an SQLite file of others', foreignDatabase, /is an SQLite file, but not one of Focal Lens/],
  ])('is refused and left alone: %s', async (_, make, message) => {
    const file = newFile();
    await writeFile(file, await make());
    const before = await readFile(file);
    await expect(openWritable(file, { fresh: true })).rejects.toThrow(message);
    await expect(readStore(file, count)).rejects.toThrow(message);
    expect(await readFile(file)).toEqual(before);
    expect(existsSync(`${file}-writer`)).toBe(false);
  });

  it('is named: one that is missing, a folder', async () => {
    await expect(readStore(join(folder, 'none.sqlite'), count)).rejects.toThrow(/none\.sqlite: there is no such store/);
    const empty = newFile();
    await writeFile(empty, '');
    await expect(readStore(empty, count)).rejects.toThrow(/there is no such store/);
    await expect(readStore(folder, count)).rejects.toThrow(/cannot be read/);
    await expect(openWritable(folder, { fresh: false })).rejects.toThrow(/cannot be read/);
  });
});

describe('a store that cannot be read yet', () => {
  it('was killed before it had tables, or is of another version', async () => {
    const file = newFile();
    const header = (version: number) => {
      const database = new Database(file);
      database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version}`);
      database.close();
    };
    header(0);
    await expect(readStore(file, count)).rejects.toThrow(
      /there is no such store; run focal-lens analyze-dataset first/,
    );
    header(schemaVersion + 1);
    await expect(readStore(file, count)).rejects.toThrow(/is a store of another version of Focal Lens; run/);
    (await openWritable(file, { fresh: false })).close();
    expect(await readStore(file, count)).toBe(0);
  });
});

async function foreignDatabase(): Promise<Buffer> {
  const file = newFile();
  const database = new Database(file);
  database.exec('CREATE TABLE precious (a)');
  database.close();
  return readFile(file);
}
