import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import type { DatasetOverview } from '../../protocol/dataset';
import type { OverviewState } from '../../protocol/overview';
import { commandIds } from '../commandIds';
import type { Engine } from '../engine';
import type { ErrorMessages } from '../errorMessages';
import { LatestReading } from '../latestReading';
import type { ModelPicker } from '../modelPicker';
import { announceRun } from './announceRun';
import { formatNames, type ChosenDataset, type CurrentDataset } from './currentDataset';
import { CurrentRun } from './currentRun';
import { isFiltering, type ExplorerFilter } from './explorerFilter';
import type { ExplorerNode } from './explorerNodes';
import { ExplorerTree } from './explorerTree';
import { pickFilter } from './filterPicker';
import { LabelFollower, type ChangedLabels } from './labelFollower';
import type { OverviewHost } from './overviewView';
import { RowCommands, type RowHost } from './rowCommands';
import type { RunMemory } from './runMemory';
import { RunQueue } from './runQueue';
import type { Triage } from './triage';

/** Milliseconds between two readings of the lists while a run fills them. */
const readingPause = 4_000;

const contextKeys = {
  /** `one`, `several` or `none`; not set while the workspace is being searched. */
  datasets: 'focalLens.explorer.datasets',
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
  private readonly queue = this.store.add(new RunQueue(() => this.showRunning()));
  private readonly readings = new LatestReading();
  private readonly follower: LabelFollower;
  private readonly refreshed = this.store.add(new vscode.EventEmitter<void>());
  /** The store has been read anew. */
  readonly onDidRefresh = this.refreshed.event;
  private readonly overviewChanged = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeOverview = this.overviewChanged.event;
  private nextReading = 0;
  /** The first reading of the store. */
  private shown: Promise<void> | undefined;

  constructor(
    private readonly dataset: CurrentDataset,
    private readonly triage: Triage,
    private readonly engine: Engine,
    models: ModelPicker,
    private readonly errors: ErrorMessages,
    private readonly memory: RunMemory,
    host: RowHost,
  ) {
    this.tree = this.store.add(new ExplorerTree(engine, triage));
    this.view = this.store.add(
      vscode.window.createTreeView('focalLens.explorer', { treeDataProvider: this.tree, showCollapseAll: true }),
    );
    this.rows = new RowCommands(this.tree, this.view, triage, errors, host);
    this.run = this.store.add(new CurrentRun(engine, models, errors, memory));
    this.follower = this.store.add(this.follow());
    this.store.add(this.run.onDidChange(() => this.overviewChanged.fire()));
    this.store.add(this.run.onDidLook(() => this.readDuringRun()));
    this.store.add(this.dataset.onDidSearch(() => this.showDataset()));
    this.store.add(this.dataset.onDidChange(() => this.showOther()));
    this.store.add(triage.onDidSettle(() => this.showAgain()));
    // The engine starts when the view is looked at, not with the window.
    this.store.add(this.view.onDidChangeVisibility(() => void this.refreshOnce()));
    this.showDataset();
    void this.refreshOnce();
  }

  /** Analyzes the workspace's data set, after asking for what is missing. */
  async analyze(): Promise<void> {
    try {
      if (!(await this.queue.ask(() => this.analyzeAll()))) this.tellRunning();
    } catch (error) {
      this.errors.show(error);
    }
  }

  /** A label file is another one now: where its data set has been analyzed, the lists follow. */
  labelsChanged(labels: ChangedLabels): void {
    this.follower.labelsChanged(labels).catch((error: unknown) => this.errors.write(error));
  }

  /** After the window has opened: a run that its predecessor's end interrupted can go on. */
  offerToContinue(): void {
    const { value } = this.dataset;
    if (value === undefined || !this.memory.isInterrupted(value.store)) return;
    void this.memory.end();
    const { t } = vscode.l10n;
    const goOn = t('Continue');
    const text = t('The run over {0} was interrupted. What it has analyzed is kept.', basename(value.path));
    void vscode.window.showInformationMessage(text, goOn).then(choice => {
      if (choice === goOn) void vscode.commands.executeCommand(commandIds.analyzeDataset);
    });
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
    return this.queue.isRunning;
  }

  /** Once the store has been read, whether the view is in sight or not. */
  ready(): Promise<void> {
    this.shown ??= this.refresh();
    return this.shown;
  }

  private async refreshOnce(): Promise<void> {
    if (this.view.visible) await this.ready();
  }

  private async analyzeAll(): Promise<void> {
    const changes = this.follower.take();
    let isDone = false;
    try {
      const dataset = await this.dataset.ensure();
      const result = dataset && (await this.run.start(dataset, { quiet: false }));
      if (result === undefined) return;
      isDone = true;
      void announceRun(result, this.engine, () => this.showFailures());
    } finally {
      this.follower.settle(changes, isDone);
      await this.refresh();
    }
  }

  private follow(): LabelFollower {
    const { dataset, tree } = this;
    return new LabelFollower({
      get dataset() {
        return dataset.value;
      },
      storedImages: async () => {
        await this.ready();
        return tree.overview && tree.overview.images + tree.overview.failed;
      },
      add: run => this.queue.add(run),
      analyze: async (value, options) => {
        try {
          await this.run.start(value, { quiet: true, ...options });
        } finally {
          await this.refresh();
        }
      },
      onDidFallBehind: () => this.showContext(),
      onError: error => this.errors.write(error),
    });
  }

  private tellRunning(): void {
    const { progress } = this.run;
    const { t } = vscode.l10n;
    const text =
      progress?.stage === 'images'
        ? t('The dataset is being analyzed: {0} of {1} images are done.', progress.done, progress.images)
        : t('The dataset is being analyzed.');
    void vscode.window.showInformationMessage(text);
  }

  private async showFailures(): Promise<void> {
    await vscode.commands.executeCommand('focalLens.explorer.focus');
    this.filter({});
    const list = await this.tree.failures();
    if (list !== undefined) await this.view.reveal(list, { select: true, focus: true, expand: true });
  }

  /** Reads the store of the current data set anew. What is shown elsewhere stays as it is while a run goes on. */
  private refresh({ duringRun = false } = {}): Promise<void> {
    return this.readings.begin(async isLatest => {
      const dataset = this.dataset.value;
      const file = dataset !== undefined && existsSync(dataset.store) ? dataset.store : undefined;
      const overview = file === undefined ? undefined : await this.read(file);
      if (!isLatest()) return;
      await this.triage.show(overview === undefined ? undefined : file);
      if (!isLatest()) return;
      this.tree.show(file, overview);
      this.showContext();
      this.showDataset();
      this.showBadge();
      if (!duringRun) this.refreshed.fire();
      this.overviewChanged.fire();
    });
  }

  /** Undefined where nothing has been stored yet, or where it cannot be read. */
  private async read(store: string): Promise<DatasetOverview | undefined> {
    try {
      const overview = await this.engine.client.request('datasetOverview', { store });
      return overview.images + overview.failed === 0 ? undefined : overview;
    } catch (error) {
      this.errors.write(error);
      return undefined;
    }
  }

  /** The lists fill while a run goes on. */
  private readDuringRun(): void {
    if (!this.view.visible || Date.now() < this.nextReading) return;
    void this.refresh({ duringRun: true }).then(() => {
      this.nextReading = Date.now() + readingPause;
    });
  }

  private showOther(): void {
    this.follower.forget();
    this.showDataset();
    if (this.shown !== undefined) void this.refresh();
  }

  /** Which data set it is, or how many there are to choose from. */
  private showDataset(): void {
    const { value, search } = this.dataset;
    this.view.description = value === undefined ? '' : datasetText(value);
    const found = value !== undefined ? 'one' : search && (search.datasets.length === 0 ? 'none' : 'several');
    void vscode.commands.executeCommand('setContext', contextKeys.datasets, found);
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
    const { value, search } = this.dataset;
    const overview = this.run.overview ?? this.tree.overview;
    const issues = overview?.issues.reduce((sum, kind) => sum + kind.issues, 0) ?? 0;
    return {
      dataset: value && basename(value.path),
      format: value && formatNames[value.format],
      search: search && { datasets: search.datasets.length, isCut: search.reached.length > 0 },
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

  private showRunning(): void {
    this.tree.isRunning = this.isRunning;
    this.showContext();
  }

  private showContext(): void {
    const { overview, filter } = this.tree;
    void vscode.commands.executeCommand('setContext', contextKeys.hasResults, overview !== undefined);
    void vscode.commands.executeCommand('setContext', contextKeys.isFiltered, isFiltering(filter));
    void vscode.commands.executeCommand('setContext', contextKeys.isRunning, this.isRunning);
    this.view.message = this.message;
  }

  private get message(): string | undefined {
    const { t } = vscode.l10n;
    if (this.isRunning)
      return this.tree.overview === undefined ? t('The lists come with the first images.') : undefined;
    return this.follower.isBehind
      ? t('Labels have changed since the last run. Analyze Dataset brings the lists up to date.')
      : undefined;
  }
}

/** `labels.json · COCO JSON` */
function datasetText({ path, format }: ChosenDataset): string {
  return `${basename(path)} · ${formatNames[format]}`;
}
