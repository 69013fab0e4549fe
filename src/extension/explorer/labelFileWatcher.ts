import { basename, dirname, normalize } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import { storedRoot } from '../../dataset/storePlace';
import type { ChosenDataset, CurrentDataset } from './currentDataset';
import { isLabelFileOf } from './labelFilesOf';

/** Tells of label files of the current data set that are written or deleted, by whomever: by git, too. */
export class LabelFileWatcher implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private watched: DisposableStore | undefined;

  constructor(
    private readonly dataset: CurrentDataset,
    private readonly onChange: (file: string) => void,
  ) {
    this.store.add(dataset.onDidChange(() => this.watch()));
    this.watch();
  }

  dispose(): void {
    this.watched?.dispose();
    this.store.dispose();
  }

  private watch(): void {
    this.watched?.dispose();
    this.watched = undefined;
    const { value } = this.dataset;
    const pattern = value && patternOf(value);
    if (value === undefined || pattern === undefined) return;
    const watched = new DisposableStore();
    const watcher = watched.add(vscode.workspace.createFileSystemWatcher(pattern));
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) {
      watched.add(
        event(({ fsPath }) => {
          if (isLabelFileOf(value, fsPath)) this.onChange(normalize(fsPath));
        }),
      );
    }
    this.watched = watched;
  }
}

/** Undefined for a folder outside the workspace: it would be watched file by file, which may be many. */
function patternOf({ path, format, store }: ChosenDataset): vscode.RelativePattern | undefined {
  if (format === 'coco') return new vscode.RelativePattern(vscode.Uri.file(dirname(path)), basename(path));
  const root = vscode.Uri.file(storedRoot(store));
  if (vscode.workspace.getWorkspaceFolder(root) === undefined) return undefined;
  return new vscode.RelativePattern(root, format === 'voc' ? '**/*.{xml,XML}' : '**/*.{txt,yaml,yml}');
}
