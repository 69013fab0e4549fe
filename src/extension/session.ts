import * as vscode from 'vscode';
import { DisposableStore } from '../common/disposables';
import { UserError } from '../common/errors';
import type { Analysis } from '../protocol/analysis';
import { AnalysisRuns } from './analysisRuns';
import { ClassMappingEditor } from './classMapping/classMappingEditor';
import { commandIds } from './commandIds';
import { registerCommands } from './commands';
import { debounced } from './debounced';
import { pruneDisplayCache } from './displayCache';
import { Engine } from './engine';
import { ErrorMessages } from './errorMessages';
import { ImageAnalysis } from './imageAnalysis';
import { CurrentDataset } from './explorer/currentDataset';
import { DatasetExplorer } from './explorer/datasetExplorer';
import { FixedIssues } from './explorer/fixedIssues';
import { LabelFileWatcher } from './explorer/labelFileWatcher';
import { OverviewView, overviewViewType } from './explorer/overviewView';
import { RunMemory } from './explorer/runMemory';
import { Triage } from './explorer/triage';
import { Gallery } from './gallery/gallery';
import { ImageOrder } from './imageOrder';
import { imagesFor } from './imagePicker';
import type { JudgementList } from './labelFiles/judgements';
import { JudgementStore } from './labelFiles/judgementStore';
import { LabelFileFeatures } from './labelFiles/labelFileFeatures';
import { mayOpen } from './mayOpen';
import { LensExports } from './lensExports';
import { LensNavigation } from './lensNavigation';
import type { LensPanel } from './lensPanel';
import type { LensTarget } from './lensTarget';
import { LensPanels } from './lensPanels';
import { ModelPicker } from './modelPicker';
import { openSample } from './openSample';
import { affectsAnalysis, tensorFlowSetting } from './settings';
import { CrashMemory } from './runtime/crashMemory';
import { RuntimeFeatures, tensorFlowFolders, tensorFlowStorage } from './runtime/runtimeFeatures';
import { TensorFlowRuntime } from './runtime/tensorFlowRuntime';
import { StatusBar } from './statusBar';

/** Everything Focal Lens is in one window, from activation to the window's end. */
export class Session implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly log = this.store.add(vscode.window.createOutputChannel('Focal Lens', { log: true }));
  private readonly errors = new ErrorMessages(this.log);
  private readonly statusBar = this.store.add(new StatusBar());
  private readonly models: ModelPicker;
  private readonly runs: AnalysisRuns;
  /** Panels to be analysed again once changes have stopped coming. */
  private readonly again = this.store.add(
    debounced(300, (panels: Iterable<LensPanel>) => {
      const open = new Set(this.lenses.all);
      void this.runs.unasked([...panels].filter(panel => open.has(panel)));
    }),
  );
  readonly engine: Engine;
  readonly lenses: LensPanels;
  private readonly navigation: LensNavigation;
  private readonly exports: LensExports;
  private readonly runtime: RuntimeFeatures;
  readonly explorer: DatasetExplorer;
  readonly classMapping: ClassMappingEditor;
  private readonly labelFiles: LabelFileFeatures;
  readonly gallery: Gallery;

  constructor(context: vscode.ExtensionContext) {
    const { extensionUri } = context;
    const cache = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'display');
    this.models = new ModelPicker(context.workspaceState);
    const tensorFlow = new TensorFlowRuntime(tensorFlowStorage(context.globalStorageUri));
    const crashes = new CrashMemory(context.globalState);
    this.engine = this.store.add(
      new Engine(
        vscode.Uri.joinPath(extensionUri, 'dist', 'engine.js').fsPath,
        this.log,
        () => ({
          tensorFlowFolders: tensorFlowFolders(tensorFlow.folder, tensorFlowSetting()),
        }),
        crashes,
      ),
    );
    this.runtime = new RuntimeFeatures(
      this.engine,
      this.models,
      tensorFlow,
      this.errors,
      this.log,
      context.globalState,
      () => this.lenses.active?.image,
    );
    this.runs = new AnalysisRuns(this.errors, panel => this.showModel(panel));
    const analysis = this.store.add(new ImageAnalysis(this.engine, this.models, cache));
    const dataset = this.store.add(new CurrentDataset(context.workspaceState));
    const order = new ImageOrder(() => dataset.value);
    this.lenses = this.store.add(
      new LensPanels(analysis, extensionUri, {
        analyzeAgain: panel => this.analyzeAgain(panel),
        chooseModel: panel => this.chooseModel(panel),
        showNeighbor: (panel, direction) => this.navigation.neighbor(panel, direction),
        placeOf: image => order.placeOf(image),
        openImages: uris => this.navigation.open(uris),
        exportReport: own => this.exportReport(own),
        exportAnchors: own => this.exports.anchors(own),
        savePicture: (own, png) => this.exports.picture(own, png),
        onError: error => this.errors.show(error),
        onDidRestore: panel => void this.runs.unasked([panel]),
      }),
    );
    this.navigation = new LensNavigation(
      this.lenses,
      order,
      panels => this.analyzePanels(panels),
      panels => this.runs.unasked(panels),
      (document, position) => this.labelFiles.imageAt(document, position),
    );
    this.exports = new LensExports(this.engine);
    this.classMapping = this.store.add(
      new ClassMappingEditor(extensionUri, this.engine, this.models, dataset, this.errors, {
        onSaved: () => this.analyzeAllAgain(),
        analyzeDataset: () => this.explorer.analyze(),
      }),
    );
    const judged = (list: JudgementList) => this.store.add(new JudgementStore(list, error => this.errors.show(error)));
    const judgements = { dismissed: judged('dismissed'), confirmed: judged('confirmed') };
    const fixed = new FixedIssues(context.workspaceState);
    const triage = this.store.add(new Triage(dataset, judgements, fixed, this.engine, this.errors));
    const runs = new RunMemory(context.workspaceState);
    this.explorer = this.store.add(
      new DatasetExplorer(dataset, triage, this.engine, this.models, this.errors, runs, {
        showInLens: (image, target) => this.showInLens(image, target),
      }),
    );
    const overview = new OverviewView(extensionUri, this.explorer, this.errors);
    this.store.add(vscode.window.registerWebviewViewProvider(overviewViewType, overview));
    this.labelFiles = this.store.add(
      new LabelFileFeatures({
        engine: this.engine,
        analysis,
        errors: this.errors,
        triage,
        dataset,
        checkpoint: resource => this.models.current(resource),
        isRunning: () => this.explorer.isRunning,
        log: this.log,
        hasModel: image => this.hasModel(image),
        openInLens: (image, find) => this.showInLens(image, { find }),
        hasLens: image => this.lenses.all.some(panel => panel.image.toString() === image.toString()),
      }),
    );
    this.gallery = this.store.add(
      new Gallery(extensionUri, {
        engine: this.engine,
        models: this.models,
        dataset,
        explorer: this.explorer,
        triage,
        edits: this.labelFiles.edits,
        errors: this.errors,
        showInLens: (image, target) => this.showInLens(image, target),
      }),
    );
    this.store.add(this.engine.onDidCrash(() => this.statusBar.showCrash()));
    this.store.add(this.registerCommands(extensionUri));
    this.followChanges();
    this.store.add(this.labelFiles.onDidFollow(labels => this.explorer.labelsChanged(labels)));
    this.store.add(this.explorer.onDidRefresh(() => this.labelFiles.storeRead()));
    this.store.add(new LabelFileWatcher(dataset, file => this.labelFiles.follow(file)));
    dataset.find().catch((error: unknown) => this.errors.write(error));
    this.explorer.offerToContinue();
    void pruneDisplayCache(cache.fsPath, 14, Date.now()).catch((error: unknown) => this.errors.write(error));
  }

  dispose(): void {
    this.store.dispose();
  }

  private registerCommands(extensionUri: vscode.Uri): vscode.Disposable {
    return registerCommands({
      ...this.labelFiles.handlers,
      [commandIds.analyzeImage]: (clicked, selected) => this.analyzeImages(clicked, selected),
      [commandIds.analyzeSelection]: (clicked, selected) => this.analyzeImages(clicked, selected),
      [commandIds.analyzeAgain]: async () => {
        const panel = this.lenses.active;
        if (panel) await this.analyzeAgain(panel);
      },
      [commandIds.analyzeDataset]: () => this.explorer.analyze(),
      [commandIds.chooseDataset]: () => this.explorer.chooseDataset(),
      [commandIds.openGallery]: () => this.gallery.open(),
      [commandIds.editClassMapping]: () => this.classMapping.open(),
      [commandIds.filterRows]: () => this.explorer.askFilter(),
      [commandIds.clearRowFilter]: () => this.explorer.filter({}),
      [commandIds.openRow]: row => this.explorer.rows.open(row),
      [commandIds.goToRowLabel]: row => this.explorer.rows.goToLabel(row),
      [commandIds.dismissRow]: row => this.explorer.rows.dismiss(row),
      [commandIds.confirmRow]: row => this.explorer.rows.confirm(row),
      [commandIds.markRowFixed]: row => this.explorer.rows.markFixed(row),
      [commandIds.restoreRow]: row => this.explorer.rows.restore(row),
      [commandIds.loadMoreRows]: row => this.explorer.rows.loadMore(row),
      [commandIds.nextImage]: () => this.step(1),
      [commandIds.previousImage]: () => this.step(-1),
      [commandIds.showLabelInLens]: () => this.reporting(() => this.navigation.showLabelAtCursor()),
      [commandIds.exportReport]: () => {
        const state = this.lenses.active?.state;
        return state?.kind === 'ready' ? this.reporting(() => this.exportReport(state.analysis)) : undefined;
      },
      ...this.runtime.handlers,
      [commandIds.chooseModel]: () => this.chooseModel(this.lenses.active),
      [commandIds.openSample]: () => openSample(extensionUri),
      [commandIds.restartEngine]: () => this.engine.restart(),
      [commandIds.showLog]: () => this.log.show(),
    });
  }

  private async analyzeImages(clicked: unknown, selected: unknown): Promise<void> {
    const images = await imagesFor(clicked, selected);
    if (!(await mayOpen(images.length))) return;
    if (await this.hasModel(images[0])) await this.runs.asked(images.map(image => this.lenses.open(image)));
  }

  private analyzeAgain(panel: LensPanel): Promise<void> {
    return this.analyzePanels([panel]);
  }

  private async analyzePanels(panels: readonly LensPanel[]): Promise<void> {
    if (await this.hasModel(panels[0]?.image)) await this.runs.asked(panels);
  }

  /** The lens of an image, freshly analyzed where it was not open, and in it a label or a place. */
  private async showInLens(image: vscode.Uri, target: LensTarget): Promise<void> {
    const panel = this.lenses.open(image);
    panel.showTarget(target);
    if (panel.state.kind !== 'ready') await this.analyzePanels([panel]);
  }

  private async step(direction: 1 | -1): Promise<void> {
    const panel = this.lenses.active;
    if (panel) await this.reporting(() => this.navigation.neighbor(panel, direction));
  }

  private exportReport(own: Analysis): Promise<void> {
    const open = this.lenses.all.flatMap(({ state }) => (state.kind === 'ready' ? [state.analysis] : []));
    return this.exports.report(own, open);
  }

  /** Shows what goes wrong in a command. */
  private async reporting(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.errors.show(error);
    }
  }

  /** Asks for a model where that is all that is missing; anything else that is wrong the analysis reports. */
  private async hasModel(image: vscode.Uri | undefined): Promise<boolean> {
    if (image === undefined) return false;
    if (!vscode.workspace.isTrusted) return true;
    try {
      return await this.models.ensure(image);
    } catch (error) {
      if (error instanceof UserError) return true;
      throw error;
    }
  }

  private async chooseModel(panel: LensPanel | undefined): Promise<void> {
    try {
      if ((await this.models.choose(panel?.image)) !== undefined) this.analyzeAllAgain();
    } catch (error) {
      this.errors.show(error);
    }
  }

  /** Labels that are fixed, another model, other thresholds: the open panels follow. */
  private followChanges(): void {
    this.store.add(
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (uri.scheme !== 'file') return;
        this.lenses.showingLabelsOf(uri.fsPath).forEach(panel => this.again.add(panel));
      }),
    );
    this.store.add(
      vscode.workspace.onDidChangeConfiguration(change => {
        if (affectsAnalysis(change)) this.analyzeAllAgain();
      }),
    );
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.analyzeAllAgain()));
  }

  private analyzeAllAgain(): void {
    this.labelFiles.forgetFacts();
    this.lenses.all.forEach(panel => this.again.add(panel));
  }

  private showModel(panel: LensPanel): void {
    if (panel.state.kind !== 'ready') return;
    const { model } = panel.state.analysis;
    this.classMapping.offerFor(panel.state.analysis);
    this.statusBar.showModel(model);
    this.runtime.announce(model).catch((error: unknown) => this.errors.write(error));
  }
}
