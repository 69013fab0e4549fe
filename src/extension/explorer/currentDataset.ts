import { basename, dirname, isAbsolute, join, normalize } from 'node:path';
import * as vscode from 'vscode';
import { isWithin } from '../../dataset/datasetPaths';
import type { FoundDataset } from '../../dataset/discoverDatasets';
import { discoverDatasets, outermostDataset } from '../../dataset/discoverDatasets';
import { openDataset } from '../../dataset/openDataset';
import type { LabelFormat } from '../../dataset/labels';
import type { LabelFileInfo } from '../../protocol/analysis';
import { datasetFolder } from '../labelFiles/datasetFolder';

const memoryKey = 'dataset';

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

const formatNames: Readonly<Record<LabelFormat, string>> = { coco: 'COCO JSON', voc: 'Pascal VOC', yolo: 'YOLO' };

/** Knows which data set the workspace works on: the one last chosen, else the only or the outermost one there is. */
export class CurrentDataset implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly memory: vscode.Memento) {}

  get value(): ChosenDataset | undefined {
    const stored = this.memory.get<unknown>(memoryKey);
    return isChosen(stored) ? stored : undefined;
  }

  /** The folder that the data set's store and dismissals are kept in. */
  get root(): string | undefined {
    const { value } = this;
    return value && dirname(dirname(value.store));
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
    const outermost = outermostDataset(await this.discover());
    return outermost === undefined ? this.choose() : this.keep(outermost);
  }

  async choose(): Promise<ChosenDataset | undefined> {
    const picked = await vscode.window.showQuickPick(this.items(), {
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
    this.changed.dispose();
  }

  private async items(): Promise<DatasetItem[]> {
    const found = (await this.discover()).map(dataset => ({
      label: `$(database) ${basename(dataset.path)}`,
      description: formatNames[dataset.format],
      detail: vscode.workspace.asRelativePath(dataset.path),
      found: dataset,
    }));
    return [...found, { label: `$(folder-opened) ${vscode.l10n.t('Browse...')}`, alwaysShow: true }];
  }

  private async discover(): Promise<FoundDataset[]> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const found = await Promise.all(folders.map(({ uri }) => discoverDatasets(uri.fsPath)));
    return found.flatMap(({ datasets }) => datasets);
  }

  private async keep({ format, path }: Pick<FoundDataset, 'format' | 'path'>): Promise<ChosenDataset> {
    const { root } = await openDataset(path, { format });
    const chosen = { path, format, store: join(root, '.focal-lens', 'dataset.sqlite') };
    await this.memory.update(memoryKey, chosen);
    this.changed.fire();
    return chosen;
  }
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
