import * as vscode from 'vscode';
import { DisposableStore } from '../common/disposables';
import { UserError } from '../common/errors';
import { AnalysisRuns } from './analysisRuns';
import { commandIds } from './commandIds';
import { registerCommands } from './commands';
import { debounced } from './debounced';
import { pruneDisplayCache } from './displayCache';
import { Engine } from './engine';
import { ErrorMessages } from './errorMessages';
import { ImageAnalysis } from './imageAnalysis';
import { imagesFor } from './imagePicker';
import type { LensPanel } from './lensPanel';
import { LensPanels } from './lensPanels';
import { ModelPicker } from './modelPicker';
import { openSample } from './openSample';
import { section } from './settings';
import { StatusBar } from './statusBar';

/** Panels opened at once without asking first. */
const manyPanels = 8;

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

  constructor(context: vscode.ExtensionContext) {
    const { extensionUri } = context;
    const cache = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'display');
    this.models = new ModelPicker(context.workspaceState);
    this.engine = this.store.add(new Engine(vscode.Uri.joinPath(extensionUri, 'dist', 'engine.js').fsPath, this.log));
    this.runs = new AnalysisRuns(this.errors, panel => this.showModel(panel));
    const analysis = new ImageAnalysis(this.engine, this.models, cache);
    this.lenses = this.store.add(
      new LensPanels(analysis, extensionUri, {
        analyzeAgain: panel => this.analyzeAgain(panel),
        chooseModel: panel => this.chooseModel(panel),
        onError: error => this.errors.show(error),
        onDidRestore: panel => void this.runs.unasked([panel]),
      }),
    );
    this.store.add(this.engine.onDidCrash(() => this.statusBar.showCrash()));
    this.store.add(this.registerCommands(extensionUri));
    this.followChanges();
    void pruneDisplayCache(cache.fsPath, 14, Date.now()).catch((error: unknown) => this.errors.write(error));
  }

  dispose(): void {
    this.store.dispose();
  }

  private registerCommands(extensionUri: vscode.Uri): vscode.Disposable {
    return registerCommands({
      [commandIds.analyzeImage]: (clicked, selected) => this.analyzeImages(clicked, selected),
      [commandIds.analyzeSelection]: (clicked, selected) => this.analyzeImages(clicked, selected),
      [commandIds.analyzeAgain]: async () => {
        const panel = this.lenses.active;
        if (panel) await this.analyzeAgain(panel);
      },
      [commandIds.chooseModel]: () => this.chooseModel(this.lenses.active),
      [commandIds.openSample]: () => openSample(extensionUri),
      [commandIds.restartEngine]: () => this.engine.restart(),
      [commandIds.showLog]: () => this.log.show(),
    });
  }

  private async analyzeImages(clicked: unknown, selected: unknown): Promise<void> {
    const images = await imagesFor(clicked, selected);
    if (images.length > manyPanels && !(await confirmMany(images.length))) return;
    if (await this.hasModel(images[0])) await this.runs.asked(images.map(image => this.lenses.open(image)));
  }

  private async analyzeAgain(panel: LensPanel): Promise<void> {
    if (await this.hasModel(panel.image)) await this.runs.asked([panel]);
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
        if (uri.scheme === 'file') this.lenses.showingLabelsOf(uri.fsPath).forEach(panel => this.again.add(panel));
      }),
    );
    this.store.add(
      vscode.workspace.onDidChangeConfiguration(change => {
        if (change.affectsConfiguration(section)) this.analyzeAllAgain();
      }),
    );
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.analyzeAllAgain()));
  }

  private analyzeAllAgain(): void {
    this.lenses.all.forEach(panel => this.again.add(panel));
  }

  private showModel(panel: LensPanel): void {
    if (panel.state.kind === 'ready') this.statusBar.showModel(panel.state.analysis.model);
  }
}

async function confirmMany(count: number): Promise<boolean> {
  const open = vscode.l10n.t('Analyze All');
  const question = vscode.l10n.t('Analyze {0} images, each in a panel of its own?', count);
  return (await vscode.window.showWarningMessage(question, { modal: true }, open)) === open;
}
