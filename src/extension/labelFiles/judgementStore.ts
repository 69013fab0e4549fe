import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import { UserError } from '../../common/errors';
import { storeFolder } from '../../dataset/storePlace';
import {
  concerns,
  judgementsText,
  maxJudgementBytes,
  newJudgement,
  parseJudgements,
  type IssuePlace,
  type Judgement,
  type JudgementList,
} from './judgements';

/** By image. */
export type Grouped = ReadonlyMap<string, readonly Judgement[]>;
const none: Grouped = new Map();

/** Suspicions that people have judged alike, kept beside each data set in a file that a team can share. */
export class JudgementStore implements vscode.Disposable {
  private readonly store = new DisposableStore();
  /** By the data set's folder; undefined while it is being read. */
  private readonly folders = new Map<string, Grouped | undefined>();
  private readonly loading = new Map<string, Promise<void>>();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.changed.event;
  private writing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly list: JudgementList,
    private readonly onError: (error: unknown) => void,
  ) {
    const pattern = `**/${storeFolder}/${fileName(list)}`;
    const watcher = this.store.add(vscode.workspace.createFileSystemWatcher(pattern));
    const reread = () => {
      for (const folder of this.folders.keys()) void this.load(folder);
    };
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) this.store.add(event(reread));
  }

  /** A data set's judgements by image, as far as they have been read: `onDidChange` follows the first question. */
  of(folder: string): Grouped {
    void this.ready(folder);
    return this.folders.get(folder) ?? none;
  }

  /** Once the judgements of a data set have been read, or could not be. */
  ready(folder: string): Promise<void> {
    const known = this.loading.get(folder);
    if (known !== undefined) return known;
    this.folders.set(folder, undefined);
    const loading = this.load(folder);
    this.loading.set(folder, loading);
    return loading;
  }

  /**
   * @param image path in the data set's folder
   * @param reason may be empty
   */
  add(folder: string, image: string, issue: IssuePlace, reason: string): Promise<void> {
    return this.change(folder, entries => [...entries, newJudgement(image, issue, reason)]);
  }

  /** Takes a judgement back. */
  remove(folder: string, image: string, issue: IssuePlace): Promise<void> {
    return this.change(folder, entries => {
      const others = entries.filter(entry => entry.image !== image || !concerns(entry, issue));
      return others.length < entries.length ? others : entries;
    });
  }

  dispose(): void {
    this.store.dispose();
  }

  /** One change after another, each on what the file holds at that moment. */
  private change(folder: string, change: (entries: readonly Judgement[]) => readonly Judgement[]): Promise<void> {
    const result = this.writing.then(async () => {
      const before = await readEntries(folder, this.list);
      const entries = change(before);
      if (entries !== before) await writeEntries(folder, this.list, entries);
      this.take(folder, entries);
    });
    this.writing = result.catch(() => undefined);
    return result;
  }

  private async load(folder: string): Promise<void> {
    try {
      this.take(folder, await readEntries(folder, this.list));
    } catch (error) {
      this.onError(error);
    }
  }

  private take(folder: string, entries: readonly Judgement[]): void {
    const grouped = new Map<string, Judgement[]>();
    for (const entry of entries) {
      const known = grouped.get(entry.image);
      if (known === undefined) grouped.set(entry.image, [entry]);
      else known.push(entry);
    }
    this.folders.set(folder, grouped);
    this.changed.fire();
  }
}

function fileName(list: JudgementList): string {
  return `${list}.json`;
}

async function readEntries(folder: string, list: JudgementList): Promise<readonly Judgement[]> {
  const file = join(folder, storeFolder, fileName(list));
  let handle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if (isMissing(error)) return [];
    throw new UserError('cannot be read', { where: file, cause: error });
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > maxJudgementBytes) {
      throw new UserError(`is no regular file of at most ${maxJudgementBytes} bytes`, { where: file });
    }
    return parseJudgements(list, await handle.readFile('utf8'), file);
  } finally {
    await handle.close();
  }
}

/** Appears whole or not at all. */
async function writeEntries(folder: string, list: JudgementList, entries: readonly Judgement[]): Promise<void> {
  const own = join(folder, storeFolder);
  const name = fileName(list);
  const temporary = join(own, `${name}.${randomUUID()}.tmp`);
  try {
    await mkdir(own, { recursive: true });
    await writeFile(temporary, judgementsText(list, entries), { flag: 'wx' });
    await rename(temporary, join(own, name));
    await keepFromIgnoring(own, name);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new UserError('what was decided cannot be written', {
      where: join(own, name),
      remedy: 'check that the folder is writable',
      cause: error,
    });
  }
}

/** What else is in the folder is one's own, and git ignores it; this file is a team's. */
async function keepFromIgnoring(folder: string, name: string): Promise<void> {
  const file = join(folder, '.gitignore');
  const exception = `!${name}`;
  const text = await readFile(file, 'utf8').catch(() => '*\n');
  if (!/^\*\s*$/m.test(text) || text.split(/\r?\n/).includes(exception)) return;
  await writeFile(file, `${text}${text.endsWith('\n') ? '' : '\n'}${exception}\n`);
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
