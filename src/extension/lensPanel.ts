import { basename, dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { DisposableStore } from '../common/disposables';
import { CancelledError, messageOf, UserError } from '../common/errors';
import { MessageHandler, type PassiveSide } from '../common/messageHandler';
import type { Analysis, AnchorInspection } from '../protocol/analysis';
import type { AnalysisStage, ImagePlace, LensSide, LensSnapshot, LensState } from '../protocol/messages';
import type { FinishedAnalysis, ImageAnalysis } from './imageAnalysis';
import { lensHandlers, type LensPanelHost } from './lensHandlers';
import { lensGuards } from './lensMessages';
import { wantedOf, type LensTarget } from './lensTarget';
import { LensStateStore, type RevisedState } from './lensStateStore';
import { loadLensPage } from './lensWebview';
import { revealLabel } from './revealLabel';
import { webviewTransport } from './webviewTransport';

export const lensViewType = 'focalLens.lens';

/** Milliseconds that a finished analysis waits for its image's place among others. */
const placePatience = 200;

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
  private readonly messages: MessageHandler<LensSide, PassiveSide>;
  private finished: FinishedAnalysis | undefined;
  private running: AbortController | undefined;
  /** Last revision that the webview has fetched. */
  private fetched = -1;
  private shownImage: vscode.Uri;
  private page: vscode.Disposable | undefined;
  /** What to show once the analysis is there. */
  private wanted: LensTarget | undefined;

  /** @param panel a fresh panel, or one that is being restored */
  constructor(
    private readonly panel: vscode.WebviewPanel,
    image: vscode.Uri,
    private readonly analysis: ImageAnalysis,
    private readonly extensionUri: vscode.Uri,
    private readonly host: LensPanelHost<LensPanel>,
  ) {
    this.shownImage = image;
    const title = basename(image.fsPath);
    this.states = new LensStateStore({ kind: 'loading', imageUri: undefined, title, stage: 'model' });
    panel.title = vscode.l10n.t('Lens: {0}', title);
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.svg');
    this.messages = this.store.add(this.answerWebview());
    this.store.add(
      this.states.onChange(state => {
        this.messages.emit('stateChanged', { revision: state.revision });
        this.changed.fire(state);
      }),
    );
    this.loadPage();
    // Last: from here on messages arrive.
    panel.onDidDispose(() => this.dispose());
  }

  get image(): vscode.Uri {
    return this.shownImage;
  }

  /** Shows another image; {@link analyze} has to follow. What ran for the former one is cancelled. */
  setImage(image: vscode.Uri): void {
    const isOtherFolder = dirname(image.fsPath) !== dirname(this.image.fsPath);
    this.running?.abort();
    this.running = undefined;
    this.finished = undefined;
    this.wanted = undefined;
    this.shownImage = image;
    const title = basename(image.fsPath);
    this.panel.title = vscode.l10n.t('Lens: {0}', title);
    this.states.set({ kind: 'loading', imageUri: undefined, title, stage: 'model' });
    if (isOtherFolder) this.loadPage();
  }

  /** Loads the page, which may read files of the image's folder alone. */
  private loadPage(): void {
    const { panel, image, extensionUri } = this;
    const roots = [vscode.Uri.file(dirname(image.fsPath)), this.analysis.cacheFolder];
    const restore = image.toString();
    this.page?.dispose();
    this.page = loadLensPage(panel, extensionUri, roots, { title: basename(image.fsPath), restore });
  }

  /** Has the page show a label or a place: now where the analysis is there, else once it is. */
  showTarget(target: LensTarget): void {
    this.wanted = target;
    if (!this.isUpToDate) return;
    const { label, focus } = this.takeWanted();
    const { revision } = this.states.value;
    if (label !== undefined) this.messages.emit('labelRequested', { revision, label });
    if (focus !== undefined) this.messages.emit('focusPlace', { revision, bbox: focus });
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
    const placed = this.host.placeOf(this.image.fsPath);
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
      const place = await Promise.race([placed, setTimeout(placePatience, undefined, { ref: false })]);
      if (!isCurrent()) throw new CancelledError();
      this.finished = finished;
      this.states.set({
        kind: 'ready',
        imageUri: imageUri ?? '',
        title,
        analysis: finished.result.analysis,
        ...(place === undefined ? {} : { place }),
      });
      if (place === undefined) void placed.then(late => this.showPlace(late, finished));
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

  /** Exact losses under another gamma and alpha. Cancelled where the engine has forgotten the analysis. */
  async recomputeLoss(gamma: number, alpha: number, signal: AbortSignal): Promise<{ readonly focal: ArrayBuffer }> {
    const { finished } = this;
    const losses = finished && (await this.analysis.recomputeLoss(finished, gamma, alpha, signal));
    if (losses === undefined || this.finished !== finished) throw new CancelledError();
    return losses;
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

  /** Where the image stands among others, for a list that took longer to read than the image to analyze. */
  private showPlace(place: ImagePlace | undefined, finished: FinishedAnalysis): void {
    const { state } = this;
    if (place !== undefined && state.kind === 'ready' && this.finished === finished)
      this.states.set({ ...state, place });
  }

  private takeWanted(): ReturnType<typeof wantedOf> {
    const { wanted, state } = this;
    if (wanted === undefined || state.kind !== 'ready') return {};
    this.wanted = undefined;
    return wantedOf(wanted, state.analysis.labels);
  }

  private answerWebview(): MessageHandler<LensSide, PassiveSide> {
    return new MessageHandler<LensSide, PassiveSide>(webviewTransport(this.panel.webview), {
      guards: lensGuards,
      events: {},
      onError: error => this.host.onError(error),
      handlers: lensHandlers(this, this.host),
    });
  }

  /** What the page shows from now on. */
  snapshot(): LensSnapshot {
    const { value } = this.states;
    this.fetched = value.revision;
    return { ...value, restore: this.image.toString(), ...this.takeWanted() };
  }

  /** The analysis that is shown. Throws CancelledError for an older one: the page drops the answer. */
  shown(revision: number): Analysis {
    const analysis = this.states.analysisOf(revision);
    if (analysis === undefined) throw new CancelledError();
    return analysis;
  }

  /** The query keeps a browser from showing a former version of the file. */
  private imageUri(file: string): string {
    const uri = this.panel.webview.asWebviewUri(vscode.Uri.file(file));
    return uri.with({ query: `revision=${this.states.value.revision}` }).toString();
  }
}
