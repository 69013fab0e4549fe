import { randomBytes } from 'node:crypto';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../common/disposables';
import { CancelledError, messageOf, UserError } from '../common/errors';
import { MessageHandler, type PassiveSide } from '../common/messageHandler';
import type { AnchorInspection } from '../protocol/analysis';
import type { AnalysisStage, LensSide, LensState } from '../protocol/messages';
import type { FinishedAnalysis, ImageAnalysis } from './imageAnalysis';
import { lensHtml } from './lensHtml';
import { lensGuards } from './lensMessages';
import { LensStateStore, type RevisedState } from './lensStateStore';
import { revealLabel } from './revealLabel';
import { webviewTransport } from './webviewTransport';

export const lensViewType = 'focalLens.lens';

/** What a panel's buttons ask of the window. */
export interface LensPanelHost {
  analyzeAgain(panel: LensPanel): Promise<void>;
  chooseModel(panel: LensPanel): Promise<void>;
  onError(error: unknown): void;
}

export interface LensRunOptions {
  readonly signal: AbortSignal;
  readonly onStage: (stage: AnalysisStage) => void;
  /** Keep showing the last result until the new one is there. */
  readonly quiet: boolean;
}

/** The lens on one image: a webview, the state it shows, and at most one analysis under way. */
export class LensPanel implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly states: LensStateStore;
  private readonly changed = this.store.add(new vscode.EventEmitter<RevisedState>());
  readonly onDidChangeState = this.changed.event;
  private finished: FinishedAnalysis | undefined;
  private running: AbortController | undefined;
  /** Last revision that the webview has fetched. */
  private fetched = -1;

  /** @param panel a fresh panel, or one that is being restored */
  constructor(
    private readonly panel: vscode.WebviewPanel,
    readonly image: vscode.Uri,
    private readonly analysis: ImageAnalysis,
    private readonly extensionUri: vscode.Uri,
    private readonly host: LensPanelHost,
  ) {
    const title = basename(image.fsPath);
    this.states = new LensStateStore({ kind: 'loading', imageUri: undefined, title, stage: 'model' });
    panel.title = vscode.l10n.t('Lens: {0}', title);
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.svg');
    panel.webview.options = { enableScripts: true, localResourceRoots: this.resourceRoots() };
    const messages = this.store.add(this.answerWebview());
    this.store.add(
      this.states.onChange(state => {
        messages.emit('stateChanged', { revision: state.revision });
        this.changed.fire(state);
      }),
    );
    panel.webview.html = this.page(title);
    // Last: from here on messages arrive.
    panel.onDidDispose(() => this.dispose());
  }

  get state(): LensState {
    return this.states.value.state;
  }

  /** Whether the webview has fetched what is to be shown. */
  get isUpToDate(): boolean {
    return this.fetched === this.states.value.revision;
  }

  get isActive(): boolean {
    return this.panel.active;
  }

  onDidDispose(listener: () => void): vscode.Disposable {
    return this.panel.onDidDispose(listener);
  }

  reveal(): void {
    this.panel.reveal(undefined, false);
  }

  close(): void {
    this.panel.dispose();
  }

  /** Files whose text holds the labels that are shown. */
  get labelFiles(): readonly string[] {
    return this.finished?.result.analysis.labelFile?.files ?? [];
  }

  /**
   * Analyses the image and shows the outcome, failure included. An analysis under way is cancelled. Throws what went
   * wrong once the panel shows it, CancelledError included.
   */
  async analyze(options: LensRunOptions): Promise<void> {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    const title = basename(this.image.fsPath);
    const before = this.state;
    const quiet = options.quiet && before.kind === 'ready';
    let stage: AnalysisStage = 'model';
    let imageUri = before.kind === 'ready' || before.kind === 'loading' ? before.imageUri : undefined;
    const isCurrent = () => this.running === running;
    const showLoading = () => {
      if (isCurrent() && !quiet) this.states.set({ kind: 'loading', imageUri, title, stage });
    };
    showLoading();
    try {
      const finished = await this.analysis.analyze(this.image, {
        signal: AbortSignal.any([running.signal, options.signal]),
        onStage: next => {
          if (next === stage) return;
          stage = next;
          options.onStage(next);
          showLoading();
        },
        onImage: file => {
          imageUri = this.imageUri(file);
          showLoading();
        },
      });
      if (!isCurrent()) throw new CancelledError();
      this.finished = finished;
      this.states.set({ kind: 'ready', imageUri: imageUri ?? '', title, analysis: finished.result.analysis });
    } catch (error) {
      if (isCurrent()) this.showEnd(error, before, title);
      throw error;
    } finally {
      if (isCurrent()) this.running = undefined;
    }
  }

  /** Selects the text of the label with this index in the analysis. */
  async revealLabel(label: number): Promise<void> {
    const source = this.finished?.result.analysis.labels[label]?.source;
    if (source === undefined) {
      throw new UserError(vscode.l10n.t('this label has no place in a file'), {
        where: basename(this.image.fsPath),
        remedy: vscode.l10n.t('analyze the image again'),
      });
    }
    await revealLabel(source);
  }

  /** The terms of an anchor. Where the engine has forgotten the analysis, it is repeated first. */
  async inspectAnchor(anchor: number, signal: AbortSignal): Promise<AnchorInspection> {
    const { finished } = this;
    if (finished === undefined) throw new CancelledError();
    const { total } = finished.result.analysis.anchors;
    if (anchor >= total) throw new RangeError(`Anchor ${anchor} of ${total}`);
    const known = await this.analysis.inspect(finished, anchor, signal);
    if (known !== undefined) return known;
    const repeated = await this.analysis.repeat(finished, signal);
    if (this.finished !== finished) throw new CancelledError();
    this.finished = repeated;
    if (JSON.stringify(repeated.result.analysis.loss) !== JSON.stringify(finished.result.analysis.loss)) {
      // Image, labels or weights are others by now: the anchor asked about may mean something else.
      this.showFinished(repeated);
      throw new CancelledError();
    }
    const inspection = await this.analysis.inspect(repeated, anchor, signal);
    if (inspection === undefined) throw new CancelledError();
    return inspection;
  }

  cancel(): void {
    this.running?.abort();
  }

  dispose(): void {
    this.running?.abort();
    this.running = undefined;
    this.store.dispose();
  }

  private showFinished({ result }: FinishedAnalysis): void {
    const { state } = this;
    if (state.kind === 'ready') this.states.set({ ...state, analysis: result.analysis });
  }

  private showEnd(error: unknown, before: LensState, title: string): void {
    if (!(error instanceof CancelledError)) {
      this.states.set({ kind: 'failed', title, message: messageOf(error) });
    } else if (before.kind === 'ready') {
      if (this.state !== before) this.states.set(before);
    } else {
      this.states.set({ kind: 'cancelled', title });
    }
  }

  private answerWebview(): MessageHandler<LensSide, PassiveSide> {
    return new MessageHandler<LensSide, PassiveSide>(webviewTransport(this.panel.webview), {
      guards: lensGuards,
      events: {},
      onError: error => this.host.onError(error),
      handlers: {
        getState: () => {
          const { value } = this.states;
          this.fetched = value.revision;
          return value;
        },
        inspectAnchor: ({ revision, anchor }, { signal }) => this.inspectShown(revision, anchor, signal),
        revealLabel: async ({ revision, label }) => {
          if (this.states.analysisOf(revision) === undefined) throw new CancelledError();
          await this.revealLabel(label);
          return null;
        },
        analyzeAgain: async () => {
          await this.host.analyzeAgain(this);
          return null;
        },
        chooseModel: async () => {
          await this.host.chooseModel(this);
          return null;
        },
        cancel: () => {
          this.cancel();
          return null;
        },
      },
    });
  }

  private async inspectShown(revision: number, anchor: number, signal: AbortSignal): Promise<AnchorInspection> {
    // What is asked about is no longer shown; the webview drops the answer.
    if (this.states.analysisOf(revision) === undefined) throw new CancelledError();
    return this.inspectAnchor(anchor, signal);
  }

  private resourceRoots(): vscode.Uri[] {
    const own = ['dist', 'media'].map(name => vscode.Uri.joinPath(this.extensionUri, name));
    return [...own, vscode.Uri.file(dirname(this.image.fsPath)), this.analysis.cacheFolder];
  }

  /** The query keeps a browser from showing a former version of the file. */
  private imageUri(file: string): string {
    const uri = this.panel.webview.asWebviewUri(vscode.Uri.file(file));
    return uri.with({ query: `revision=${this.states.value.revision}` }).toString();
  }

  private page(title: string): string {
    const { webview } = this.panel;
    const resource = (...path: string[]) =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.extensionUri, ...path)).toString();
    return lensHtml({
      title,
      scriptUri: resource('dist', 'webview.js'),
      styleUri: resource('dist', 'webview.css'),
      cspSource: webview.cspSource,
      nonce: randomBytes(24).toString('base64url'),
      language: vscode.env.language,
      restore: this.image.toString(),
    });
  }
}
