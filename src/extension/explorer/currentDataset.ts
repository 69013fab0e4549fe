import { basename, dirname, isAbsolute, normalize } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { isWithin } from '../../dataset/datasetPaths';
import type { FoundDataset } from '../../dataset/discoverDatasets';
import { openDataset } from '../../dataset/openDataset';
import type { LabelFormat } from '../../dataset/labels';
import { storedRoot, storePlace } from '../../dataset/storePlace';
import type { LabelFileInfo } from '../../protocol/analysis';
import { datasetFolder } from '../labelFiles/datasetFolder';
import { searchDatasets, type DatasetSearch } from './datasetSearch';

const memoryKey = 'dataset';
/** Milliseconds after which the workspace is searched: what the window itself has to do comes first. */
const searchDelay = 1_000;

/** The data set that the explorer shows. */
export interface ChosenDataset {
  /** A COCO file, a `data.yaml` or a Pascal VOC folder. */
  readonly path: string;
  readonly format: LabelFormat;
  /** What its analysis is stored in. */
  readonly store: string;
}

interface DatasetItem extends vscode.QuickPickItem {
  readonly found?: Pick<FoundDataset, 'format' | 'path'>;
}

export const formatNames: Readonly<Record<LabelFormat, string>> = {
  coco: 'COCO JSON',
  voc: 'Pascal VOC',
  yolo: 'YOLO',
};

/** Knows which data set the workspace works on: the one last chosen, else the only or the outermost one there is. */
export class CurrentDataset implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly searched = new vscode.EventEmitter<void>();
  /** There is another {@link search}. */
  readonly onDidSearch = this.searched.event;
  private readonly abort = new AbortController();
  private latestSearch: DatasetSearch | undefined;

  constructor(private readonly memory: vscode.Memento) {}

  /** What the latest search of the workspace has found; undefined before the first. */
  get search(): DatasetSearch | undefined {
    return this.latestSearch;
  }

  /**
   * Where no data set is known yet, looks for one behind everything else that goes on, and takes the only or the
   * outermost one.
   */
  async find(): Promise<void> {
    try {
      await setTimeout(searchDelay, undefined, { signal: this.abort.signal, ref: false });
      if (this.value !== undefined) return;
      const { outermost } = await this.discover();
      // The user may have chosen meanwhile.
      if (outermost !== undefined && this.value === undefined) await this.keep(outermost);
    } catch (error) {
      if (!this.abort.signal.aborted) throw error;
    }
  }

  get value(): ChosenDataset | undefined {
    const stored = this.memory.get<unknown>(memoryKey);
    return isChosen(stored) ? stored : undefined;
  }

  /** The folder that the data set's store and dismissals are kept in. */
  get root(): string | undefined {
    const { value } = this;
    return value && storedRoot(value.store);
  }

  /** Whether an image's label file is the data set's, and not that of another one in the same folder or below. */
  holds(labelFile: LabelFileInfo): boolean {
    const { value, root } = this;
    const [file] = labelFile.files;
    if (value === undefined || root === undefined || file === undefined || labelFile.format !== value.format) {
      return false;
    }
    if (value.format === 'coco') return normalize(file) === normalize(value.path);
    const folder = datasetFolder(labelFile);
    // Annotations may also lie beside their images, in any folder of the data set.
    return isWithin(root, file) && (folder === root || folder === dirname(file));
  }

  /**
   * The data set chosen, the only one in the workspace, the one that all others lie in, or the user's choice; undefined
   * when the user declines.
   */
  async ensure(): Promise<ChosenDataset | undefined> {
    if (this.value) return this.value;
    const { outermost } = await this.discover();
    return outermost === undefined ? this.choose() : this.keep(outermost);
  }

  async choose(): Promise<ChosenDataset | undefined> {
    const items = async () => itemsOf(await this.discover());
    const picked = await vscode.window.showQuickPick(items(), {
      placeHolder: vscode.l10n.t('Choose the dataset to analyze'),
      matchOnDescription: true,
    });
    if (picked === undefined) return undefined;
    if (picked.found) return this.keep(picked.found);
    const [folder] =
      (await vscode.window.showOpenDialog({
        title: vscode.l10n.t('Choose a COCO JSON file, a YOLO data.yaml, or a folder'),
        canSelectFolders: true,
        canSelectFiles: true,
        filters: { [vscode.l10n.t('Datasets')]: ['json', 'yaml', 'yml'] },
      })) ?? [];
    if (folder === undefined) return undefined;
    const { format, path } = await openDataset(folder.fsPath);
    return this.keep({ format, path });
  }

  dispose(): void {
    this.abort.abort();
    this.searched.dispose();
    this.changed.dispose();
  }

  private async discover(): Promise<DatasetSearch> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    this.latestSearch = await searchDatasets(
      folders.map(({ uri }) => uri.fsPath),
      this.abort.signal,
    );
    this.searched.fire();
    return this.latestSearch;
  }

  private async keep({ format, path }: Pick<FoundDataset, 'format' | 'path'>): Promise<ChosenDataset> {
    const { root } = await openDataset(path, { format, signal: this.abort.signal });
    const chosen = { path, format, store: storePlace({ path, format, root }) };
    await this.memory.update(memoryKey, chosen);
    this.changed.fire();
    return chosen;
  }
}

function itemsOf({ datasets, reached }: DatasetSearch): DatasetItem[] {
  const found = datasets.map(dataset => ({
    label: `$(database) ${basename(dataset.path)}`,
    description: formatNames[dataset.format],
    detail: vscode.workspace.asRelativePath(dataset.path),
    found: dataset,
  }));
  const browse: DatasetItem = { label: `$(folder-opened) ${vscode.l10n.t('Browse...')}`, alwaysShow: true };
  if (reached.length > 0) browse.detail = vscode.l10n.t('The workspace is too large for all of it to be searched.');
  return [...found, browse];
}

/** What a former version may have kept counts for nothing. */
function isChosen(value: unknown): value is ChosenDataset {
  if (typeof value !== 'object' || value === null) return false;
  const { path, format, store } = value as Partial<Record<string, unknown>>;
  return (
    [path, store].every(text => typeof text === 'string' && isAbsolute(text)) &&
    Object.hasOwn(formatNames, String(format))
  );
}
