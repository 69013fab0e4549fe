import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import { UserError } from '../../common/errors';
import {
  concerns,
  dismissalsText,
  maxDismissalBytes,
  newDismissal,
  parseDismissals,
  type Dismissal,
  type IssuePlace,
} from './dismissals';

const folderName = '.focal-lens';
const fileName = 'dismissed.json';

/** By image. */
export type Grouped = ReadonlyMap<string, readonly Dismissal[]>;
const none: Grouped = new Map();

/** Dismissed suspicions, kept beside each data set in a file that a team can share. */
export class DismissalStore implements vscode.Disposable {
  private readonly store = new DisposableStore();
  /** By the data set's folder; undefined while it is being read. */
  private readonly folders = new Map<string, Grouped | undefined>();
  private readonly loading = new Map<string, Promise<void>>();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.changed.event;
  private writing: Promise<unknown> = Promise.resolve();

  constructor(private readonly onError: (error: unknown) => void) {
    const watcher = this.store.add(vscode.workspace.createFileSystemWatcher(`**/${folderName}/${fileName}`));
    const reread = () => {
      for (const folder of this.folders.keys()) void this.load(folder);
    };
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) this.store.add(event(reread));
  }

  /** A data set's dismissals by image, as far as they have been read: `onDidChange` follows the first question. */
  of(folder: string): Grouped {
    void this.ready(folder);
    return this.folders.get(folder) ?? none;
  }

  /** Once the dismissals of a data set have been read, or could not be. */
  ready(folder: string): Promise<void> {
    const known = this.loading.get(folder);
    if (known !== undefined) return known;
    this.folders.set(folder, undefined);
    const loading = this.load(folder);
    this.loading.set(folder, loading);
    return loading;
  }

  /** @param image path in the data set's folder */
  dismiss(folder: string, image: string, issue: IssuePlace, reason: string): Promise<void> {
    return this.change(folder, entries => [...entries, newDismissal(image, issue, reason)]);
  }

  /** Takes a dismissal back. */
  restore(folder: string, image: string, issue: IssuePlace): Promise<void> {
    return this.change(folder, entries => entries.filter(entry => entry.image !== image || !concerns(entry, issue)));
  }

  dispose(): void {
    this.store.dispose();
  }

  /** One change after another, each on what the file holds at that moment. */
  private change(folder: string, change: (entries: readonly Dismissal[]) => readonly Dismissal[]): Promise<void> {
    const result = this.writing.then(async () => {
      const entries = change(await readEntries(folder));
      await writeEntries(folder, entries);
      this.take(folder, entries);
    });
    this.writing = result.catch(() => undefined);
    return result;
  }

  private async load(folder: string): Promise<void> {
    try {
      this.take(folder, await readEntries(folder));
    } catch (error) {
      this.onError(error);
    }
  }

  private take(folder: string, entries: readonly Dismissal[]): void {
    const grouped = new Map<string, Dismissal[]>();
    for (const entry of entries) {
      const known = grouped.get(entry.image);
      if (known === undefined) grouped.set(entry.image, [entry]);
      else known.push(entry);
    }
    this.folders.set(folder, grouped);
    this.changed.fire();
  }
}

async function readEntries(folder: string): Promise<readonly Dismissal[]> {
  const file = join(folder, folderName, fileName);
  let handle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if (isMissing(error)) return [];
    throw new UserError('cannot be read', { where: file, cause: error });
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > maxDismissalBytes) {
      throw new UserError(`is no regular file of at most ${maxDismissalBytes} bytes`, { where: file });
    }
    return parseDismissals(await handle.readFile('utf8'), file);
  } finally {
    await handle.close();
  }
}

/** Appears whole or not at all. */
async function writeEntries(folder: string, entries: readonly Dismissal[]): Promise<void> {
  const own = join(folder, folderName);
  const temporary = join(own, `${fileName}.${randomUUID()}.tmp`);
  try {
    await mkdir(own, { recursive: true });
    await writeFile(temporary, dismissalsText(entries), { flag: 'wx' });
    await rename(temporary, join(own, fileName));
    await keepFromIgnoring(own);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new UserError('dismissals cannot be written', {
      where: join(own, fileName),
      remedy: 'check that the folder is writable',
      cause: error,
    });
  }
}

/** What else is in the folder is one's own, and git ignores it; this file is a team's. */
async function keepFromIgnoring(folder: string): Promise<void> {
  const file = join(folder, '.gitignore');
  const exception = `!${fileName}`;
  const text = await readFile(file, 'utf8').catch(() => '*\n');
  if (!/^\*\s*$/m.test(text) || text.split(/\r?\n/).includes(exception)) return;
  await writeFile(file, `${text}${text.endsWith('\n') ? '' : '\n'}${exception}\n`);
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
