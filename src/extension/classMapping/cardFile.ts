import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import * as vscode from 'vscode';
import { messageOf, UserError } from '../../common/errors';

/** A model card is a small file: what is larger is something else. */
const maxBytes = 1 << 20;

/** A model card as it is, and what takes another text in its place. */
export interface CardFile {
  /** Empty where there is none. */
  readonly text: string;
  write(text: string): Promise<void>;
}

/**
 * Opens a card: where it is open in an editor, as a document, so that a change can be undone there; else as a file, which
 * is written whole or not at all.
 * @throws UserError for a document with unsaved changes or older than its file, and for what cannot be read
 */
export async function openCardFile(file: string): Promise<CardFile> {
  const document = openDocument(file);
  const written = await readCard(file);
  if (document === undefined) return { text: written, write: text => writeCard(file, text) };
  if (document.isDirty) {
    throw new UserError(vscode.l10n.t('has changes that are not saved'), {
      where: file,
      remedy: vscode.l10n.t('save or revert it first'),
    });
  }
  if (unixText(document.getText()) !== unixText(written.replace(/^\uFEFF/, ''))) {
    throw new UserError(vscode.l10n.t('was written by another program a moment ago'), {
      where: file,
      remedy: vscode.l10n.t('look at it and try again'),
    });
  }
  return { text: document.getText(), write: text => editDocument(document, text) };
}

/** Documents have one kind of line ends, whatever the file has. */
function unixText(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** Of a file that has a tab: others may live on for a while, and nobody could undo anything there. */
function openDocument(file: string): vscode.TextDocument | undefined {
  const isSame = ({ scheme, fsPath }: vscode.Uri) => scheme === 'file' && normalize(fsPath) === normalize(file);
  const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs);
  if (!tabs.some(({ input }) => input instanceof vscode.TabInputText && isSame(input.uri))) return undefined;
  return vscode.workspace.textDocuments.find(({ uri, isClosed }) => !isClosed && isSame(uri));
}

async function editDocument(document: vscode.TextDocument, text: string): Promise<void> {
  const before = document.getText();
  const { start, end, inserted } = difference(before, text);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), inserted);
  if ((await vscode.workspace.applyEdit(edit)) && (await document.save())) return;
  throw new UserError(vscode.l10n.t('could not be saved'), { where: document.uri.fsPath });
}

/** The part of a text that is another in the next one. */
export function difference(before: string, after: string): { start: number; end: number; inserted: string } {
  const least = Math.min(before.length, after.length);
  let start = 0;
  while (start < least && before[start] === after[start]) start++;
  let same = 0;
  while (same < least - start && before.at(-1 - same) === after.at(-1 - same)) same++;
  return { start, end: before.length - same, inserted: after.slice(start, after.length - same) };
}

async function readCard(file: string): Promise<string> {
  let handle;
  try {
    handle = await open(file, 'r');
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > maxBytes) {
      throw new UserError(vscode.l10n.t('is no model card, a small JSON file'), { where: file });
    }
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await handle.readFile());
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw new UserError(vscode.l10n.t('cannot be read: {0}', messageOf(error)), { where: file, cause: error });
  } finally {
    await handle?.close();
  }
}

/** Through a link to the file itself, with the permissions it had. */
async function writeCard(file: string, text: string): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  try {
    const mode = await stat(target).then(
      stats => stats.mode & 0o777,
      () => 0o644,
    );
    await writeFile(temporary, text, { flag: 'wx', mode });
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new UserError(vscode.l10n.t('cannot be written: {0}', messageOf(cause)), {
      where: file,
      remedy: vscode.l10n.t('check permissions and free space'),
      cause,
    });
  }
}
