import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import { isWithin } from '../../dataset/datasetPaths';
import { isLabelFile } from '../../dataset/imageFiles';
import type { DatasetOverview, DatasetRunResult, StoredIssue } from '../../protocol/dataset';
import { offerMapping } from '../classMapping/offerMapping';
import { debounced } from '../debounced';
import type { Engine } from '../engine';
import type { ErrorMessages } from '../errorMessages';
import type { ModelPicker } from '../modelPicker';
import type { LensTarget } from '../lensTarget';
import { revealLabel } from '../revealLabel';
import { dismissIssue } from '../labelFiles/dismissing';
import type { CurrentDataset } from './currentDataset';
import { runDataset } from './datasetRun';
import { isFiltering, type ExplorerFilter } from './explorerFilter';
import { imageOf, isRow } from './explorerItems';
import type { ExplorerNode, RowNode } from './explorerNodes';
import { overviewText } from './explorerText';
import { ExplorerTree } from './explorerTree';
import { pickFilter } from './filterPicker';
import type { Triage } from './triage';

/** Larger data sets are analyzed again on demand only: to find what has changed, every image is read. */
const mostImagesFollowed = 5_000;

const contextKeys = {
  hasResults: 'focalLens.explorer.hasResults',
  isFiltered: 'focalLens.explorer.isFiltered',
} as const;

export interface ExplorerHost {
  /** Shows an image's lens, and in it a label or a place. */
  showInLens(image: vscode.Uri, target: LensTarget): Promise<void>;
}

/** The loss explorer in the side bar: runs over the workspace's data set, and what they found. */
export class DatasetExplorer implements vscode.Disposable {
  private readonly store = new DisposableStore();
  readonly tree: ExplorerTree;
  private readonly view: vscode.TreeView<ExplorerNode>;
  private readonly saved = this.store.add(debounced(1_000, () => void this.follow()));
  private readonly refreshed = this.store.add(new vscode.EventEmitter<void>());
  /** The store has been read anew. */
  readonly onDidRefresh = this.refreshed.event;
  private running = false;
  private shown = false;

  constructor(
    private readonly dataset: CurrentDataset,
    private readonly triage: Triage,
    private readonly engine: Engine,
    private readonly models: ModelPicker,
    private readonly errors: ErrorMessages,
    private readonly host: ExplorerHost,
  ) {
    this.tree = this.store.add(new ExplorerTree(engine, triage));
    this.view = this.store.add(
      vscode.window.createTreeView('focalLens.explorer', { treeDataProvider: this.tree, showCollapseAll: true }),
    );
    this.store.add(this.dataset.onDidChange(() => void this.refresh()));
    this.store.add(triage.onDidSettle(() => this.showAgain()));
    // The engine starts when the view is looked at, not with the window.
    this.store.add(this.view.onDidChangeVisibility(() => void this.refreshOnce()));
    void this.refreshOnce();
  }

  /** Analyzes the workspace's data set, after asking for what is missing. */
  async analyze(): Promise<void> {
    await this.exclusively(async () => {
      const dataset = await this.dataset.ensure();
      const result = dataset && (await runDataset(this.engine, this.models, dataset, { quiet: false }));
      if (result !== undefined) announce(result);
    });
  }

  /** A label file was saved: where it belongs to an analyzed data set that is not too large, the lists follow. */
  labelsSaved(file: string): void {
    const { value } = this.dataset;
    if (value === undefined || !isLabelFile(file) || !isWithin(dirname(dirname(value.store)), file)) return;
    const { overview } = this.tree;
    if (overview !== undefined && overview.images <= mostImagesFollowed) this.saved.add(file);
  }

  async chooseDataset(): Promise<void> {
    try {
      await this.dataset.choose();
    } catch (error) {
      this.errors.show(error);
    }
  }

  dispose(): void {
    this.store.dispose();
  }

  /** Once the store has been read, whether the view is in sight or not. */
  async ready(): Promise<void> {
    if (this.shown) return;
    this.shown = true;
    await this.refresh();
  }

  private async refreshOnce(): Promise<void> {
    if (this.view.visible) await this.ready();
  }

  /** One run at a time; the lists show its outcome whatever it is. */
  private async exclusively(run: () => Promise<void>): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      await run();
    } catch (error) {
      this.errors.show(error);
    } finally {
      this.running = false;
      await this.refresh();
    }
  }

  private async follow(): Promise<void> {
    const { value } = this.dataset;
    if (value === undefined) return;
    if (this.running) return this.saved.add(value.path);
    await this.exclusively(async () => {
      await runDataset(this.engine, this.models, value, { quiet: true }).catch((error: unknown) =>
        this.errors.write(error),
      );
    });
  }

  /** Reads the store of the current data set anew. */
  private async refresh(): Promise<void> {
    const dataset = this.dataset.value;
    const file = dataset !== undefined && existsSync(dataset.store) ? dataset.store : undefined;
    let overview: DatasetOverview | undefined;
    try {
      overview = file === undefined ? undefined : await this.engine.client.request('datasetOverview', { store: file });
    } catch (error) {
      this.errors.write(error);
    }
    await this.triage.show(overview === undefined ? undefined : file);
    this.tree.show(file, overview);
    this.showContext();
    this.view.description = dataset === undefined ? '' : basename(dataset.path);
    this.view.message = overview === undefined ? undefined : overviewText(overview, vscode.l10n.t);
    this.showBadge();
    this.refreshed.fire();
  }

  /** Suspicions were dismissed, fixed or restored: lists and counts follow. */
  private showAgain(): void {
    this.tree.showAgain();
    this.showBadge();
  }

  private showBadge(): void {
    const issues = this.tree.issues.reduce((sum, kind) => sum + kind.issues, 0);
    this.view.badge =
      issues === 0 ? undefined : { value: issues, tooltip: vscode.l10n.t('{0} suspected label errors', issues) };
  }

  /** Asks what the lists are to be narrowed to. */
  async askFilter(): Promise<void> {
    const { overview, filter } = this.tree;
    if (overview === undefined) return;
    const levels = overview.levels.map(({ level }) => level);
    const choices = { categories: overview.categories, kinds: this.tree.issues, levels };
    const picked = await pickFilter(filter, choices);
    if (picked !== undefined) this.filter(picked);
  }

  filter(filter: ExplorerFilter): void {
    this.tree.filter = filter;
    this.showContext();
  }

  private showContext(): void {
    const { overview, filter } = this.tree;
    void vscode.commands.executeCommand('setContext', contextKeys.hasResults, overview !== undefined);
    void vscode.commands.executeCommand('setContext', contextKeys.isFiltered, isFiltering(filter));
  }

  /** Commands on a row; without one, on the row that is selected. */
  async open(argument: unknown): Promise<void> {
    const target = this.target(argument);
    if (target === undefined || !isRow(target)) return;
    await this.host.showInLens(vscode.Uri.file(imageOf(target)), targetOf(target));
  }

  async goToLabel(argument: unknown): Promise<void> {
    const target = this.target(argument);
    if (target?.type !== 'label' && target?.type !== 'issue') return;
    const { source } = target.row;
    if (source !== undefined) await revealLabel(source).catch((error: unknown) => this.errors.show(error));
  }

  /** Asks for the reason. */
  async dismiss(argument: unknown): Promise<void> {
    await this.onIssue(argument, issue => dismissIssue(issue, this.triage));
  }

  async markFixed(argument: unknown): Promise<void> {
    await this.onIssue(argument, issue => this.triage.markFixed(issue));
  }

  async restore(argument: unknown): Promise<void> {
    await this.onIssue(argument, issue => this.triage.restore(issue));
  }

  private async onIssue(argument: unknown, act: (issue: StoredIssue) => Promise<unknown>): Promise<void> {
    const target = this.target(argument);
    if (target?.type !== 'issue') return;
    try {
      await act(target.row);
    } catch (error) {
      this.errors.show(error);
    }
  }

  async loadMore(argument: unknown): Promise<void> {
    const target = this.target(argument);
    if (target?.type === 'more') await this.tree.loadMore(target);
  }

  /** A node that our own tree has made; anything else that a caller may pass counts for nothing. */
  private target(argument: unknown): ExplorerNode | undefined {
    return this.tree.isOwn(argument) ? argument : this.view.selection[0];
  }
}

/** What the lens of a row's image is to show. */
function targetOf(node: RowNode): LensTarget {
  if (node.type === 'image' || node.type === 'failed') return {};
  const { bbox } = node.row;
  const id = node.type === 'place' ? null : node.row.label;
  return { bbox, ...(id === null ? {} : { find: labels => labels.findIndex(label => label.id === id) }) };
}

function announce({ images, failed, missing, seconds, unmatched }: DatasetRunResult): void {
  offerMapping(unmatched);
  if (failed + missing > 0) {
    const text = vscode.l10n.t('{0} of {1} images could not be analyzed.', failed + missing, images + missing);
    void vscode.window.showWarningMessage(text);
  } else {
    const text = vscode.l10n.t('Focal Lens: {0} images analyzed in {1} s', images, seconds.toFixed(0));
    vscode.window.setStatusBarMessage(text, 5_000);
  }
}
