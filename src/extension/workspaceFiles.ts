import { basename } from 'node:path';
import * as vscode from 'vscode';

interface FileItem extends vscode.QuickPickItem {
  /** Undefined for "Browse...". */
  readonly uri?: vscode.Uri;
}

export interface PickFileOptions {
  readonly placeholder: string;
  /** Lower-case, without a dot. */
  readonly extensions: readonly string[];
  /** Name of these files in the file dialog. */
  readonly filterName: string;
  /** At most this many files are looked for. */
  readonly limit: number;
  readonly order: 'name' | 'newest';
  readonly current?: string | undefined;
}

/** Lets the user pick a file of the workspace from a list, or any other in a dialog. */
export async function pickFile(options: PickFileOptions): Promise<vscode.Uri | undefined> {
  const cancellation = new vscode.CancellationTokenSource();
  try {
    const picked = await vscode.window.showQuickPick(fileItems(options, cancellation.token), {
      placeHolder: options.placeholder,
      matchOnDescription: true,
      // A picture's preview takes the focus when it has loaded.
      ignoreFocusOut: true,
    });
    if (picked === undefined) return undefined;
    if (picked.uri) return picked.uri;
  } finally {
    cancellation.cancel();
    cancellation.dispose();
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = await vscode.window.showOpenDialog({
    title: options.placeholder,
    filters: { [options.filterName]: [...options.extensions] },
    ...(folder ? { defaultUri: folder } : {}),
  });
  return chosen?.[0];
}

async function fileItems(options: PickFileOptions, token: vscode.CancellationToken): Promise<FileItem[]> {
  const browse: FileItem = { label: `$(folder-opened) ${vscode.l10n.t('Browse...')}`, alwaysShow: true };
  const names = options.extensions.flatMap(extension => [extension, extension.toUpperCase()]);
  const pattern = `**/*.{${names.join(',')}}`;
  const found = await vscode.workspace.findFiles(pattern, '**/node_modules/**', options.limit, token);
  const items = options.order === 'newest' ? await newestFirst(found) : found.map(uri => fileItem(uri));
  if (options.order === 'name') items.sort((a, b) => (a.description ?? '').localeCompare(b.description ?? ''));
  const separator: FileItem = { label: '', kind: vscode.QuickPickItemKind.Separator };
  const marked = items.map(item =>
    item.uri?.fsPath === options.current && options.current !== undefined
      ? { ...item, label: `$(check) ${item.label}` }
      : item,
  );
  return found.length === 0 ? [browse] : [...marked, separator, browse];
}

async function newestFirst(uris: readonly vscode.Uri[]): Promise<FileItem[]> {
  const files = await Promise.all(
    uris.map(async uri => {
      const stat = await Promise.resolve(vscode.workspace.fs.stat(uri)).catch(() => undefined);
      const size = stat === undefined ? '' : sizeOf(stat.size);
      return { time: stat?.mtime ?? 0, item: { ...fileItem(uri), detail: size } };
    }),
  );
  return files.sort((a, b) => b.time - a.time).map(({ item }) => item);
}

function fileItem(uri: vscode.Uri): FileItem {
  return { label: basename(uri.fsPath), description: vscode.workspace.asRelativePath(uri), uri };
}

function sizeOf(bytes: number): string {
  return bytes < 1e6
    ? vscode.l10n.t('{0} kB', Math.ceil(bytes / 1e3))
    : vscode.l10n.t('{0} MB', (bytes / 1e6).toFixed(1));
}
