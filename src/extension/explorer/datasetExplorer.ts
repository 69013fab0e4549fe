import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import { isWithin } from '../../dataset/datasetPaths';
import { isLabelFile } from '../../dataset/imageFiles';
import type { DatasetOverview, DatasetRunResult } from '../../protocol/dataset';
import type { OverviewState } from '../../protocol/overview';
import { offerMapping } from '../classMapping/offerMapping';
import { debounced } from '../debounced';
import type { Engine } from '../engine';
import type { ErrorMessages } from '../errorMessages';
import type { ModelPicker } from '../modelPicker';
import type { CurrentDataset } from './currentDataset';
import { CurrentRun } from './currentRun';
import { isFiltering, type ExplorerFilter } from './explorerFilter';
import type { ExplorerNode } from './explorerNodes';
import { ExplorerTree } from './explorerTree';
import { pickFilter } from './filterPicker';
import type { OverviewHost } from './overviewView';
import { RowCommands, type RowHost } from './rowCommands';
import type { Triage } from './triage';

/** Larger data sets are analyzed again on demand only: to find what has changed, every image is read. */
const mostImagesFollowed = 5_000;

const contextKeys = {
  hasResults: 'focalLens.explorer.hasResults',
  isFiltered: 'focalLens.explorer.isFiltered',
  isRunning: 'focalLens.explorer.isRunning',
} as const;

/** The loss explorer in the side bar: runs over the workspace's data set, and what they found. */
export class DatasetExplorer implements OverviewHost, vscode.Disposable {
  private readonly store = new DisposableStore();
  readonly tree: ExplorerTree;
  readonly rows: RowCommands;
  private readonly view: vscode.TreeView<ExplorerNode>;
  private readonly run: CurrentRun;
  private readonly saved = this.store.add(debounced(1_000, () => void this.follow()));
  private readonly refreshed = this.store.add(new vscode.EventEmitter<void>());
  /** The store has been read anew. */
  readonly onDidRefresh = this.refreshed.event;
  private readonly overviewChanged = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeOverview = this.overviewChanged.event;
  private running = false;
  /** The first reading of the store. */
  private shown: Promise<void> | undefined;

  constructor(
    private readonly dataset: CurrentDataset,
    private readonly triage: Triage,
    private readonly engine: Engine,
    models: ModelPicker,
    private readonly errors: ErrorMessages,
    host: RowHost,
  ) {
    this.tree = this.store.add(new ExplorerTree(engine, triage));
    this.view = this.store.add(
      vscode.window.createTreeView('focalLens.explorer', { treeDataProvider: this.tree, showCollapseAll: true }),
    );
    this.rows = new RowCommands(this.tree, this.view, triage, errors, host);
    this.run = this.store.add(new CurrentRun(engine, models, errors));
    this.store.add(this.run.onDidChange(() => this.overviewChanged.fire()));
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
      const result = dataset && (await this.run.start(dataset, { quiet: false }));
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

  /** Whether a run over the data set is under way. */
  get isRunning(): boolean {
    return this.running;
  }

  /** Once the store has been read, whether the view is in sight or not. */
  ready(): Promise<void> {
    this.shown ??= this.refresh();
    return this.shown;
  }

  private async refreshOnce(): Promise<void> {
    if (this.view.visible) await this.ready();
  }

  /** One run at a time; the lists show its outcome whatever it is. */
  private async exclusively(run: () => Promise<void>): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.showContext();
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
      await this.run.start(value, { quiet: true }).catch((error: unknown) => this.errors.write(error));
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
    this.showBadge();
    this.refreshed.fire();
    this.overviewChanged.fire();
  }

  /** Suspicions were dismissed, fixed or restored: lists and counts follow. */
  private showAgain(): void {
    this.tree.showAgain();
    this.showBadge();
    this.overviewChanged.fire();
  }

  /** What the overview shows: while a run is under way, what it has stored. */
  get overviewState(): OverviewState {
    const { value } = this.dataset;
    const overview = this.run.overview ?? this.tree.overview;
    const issues = overview?.issues.reduce((sum, kind) => sum + kind.issues, 0) ?? 0;
    return {
      dataset: value && basename(value.path),
      overview,
      issues: Math.max(0, issues - this.triage.settled.length),
      filter: this.tree.filter,
      progress: this.run.progress,
    };
  }

  cancelRun(): void {
    this.run.cancel();
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
    this.overviewChanged.fire();
  }

  private showContext(): void {
    const { overview, filter } = this.tree;
    void vscode.commands.executeCommand('setContext', contextKeys.hasResults, overview !== undefined);
    void vscode.commands.executeCommand('setContext', contextKeys.isFiltered, isFiltering(filter));
    void vscode.commands.executeCommand('setContext', contextKeys.isRunning, this.running);
    this.view.message =
      this.running && overview === undefined ? vscode.l10n.t('The lists come when the run is done.') : undefined;
  }
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
