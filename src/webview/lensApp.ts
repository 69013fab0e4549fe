import { toCorners, type CornerBox, type XywhBox } from '../common/boxes';
import { DisposableStore, toDisposable, type Disposable } from '../common/disposables';
import { CancelledError, messageOf } from '../common/errors';
import type { LensState } from '../protocol/messages';
import { html, nothing, render } from 'lit';
import type { AppActions, AppModel, Phase, PinnedAnchor } from './appModel';
import { LensStage } from './canvas/lensStage';
import { copyText } from './clipboard';
import { anchorBox, locateAnchor, tileBox } from './lens/geometry';
import { anchorsAt, type AnchorHit } from './lens/hitTest';
import { lensImage, type LensImage } from './lens/lensImage';
import { restoreViewState, type ViewState } from './lens/viewState';
import { legend } from './legend';
import { phaseCard } from './phaseCard';
import { sidePanel } from './panel/sidePanel';
import { statusLine } from './statusLine';
import { toolbar } from './toolbar';
import { tooltip, tooltipPlace } from './tooltip';
import type { LensTransport } from './transport/lensTransport';
import { StateFollower } from './transport/stateFollower';

/** The lens: follows the host's state, owns what the user has chosen, and draws stage and panel from both. */
export class LensApp implements Disposable {
  private phase: Phase = { kind: 'starting' };
  private view: ViewState;
  private pinned: PinnedAnchor | undefined;
  private frame = 0;
  private saving: ReturnType<typeof setTimeout> | undefined;
  private asking = new AbortController();
  private readonly follower: StateFollower;
  private readonly stage: LensStage;
  private readonly tip = document.createElement('div');
  private readonly disposables = new DisposableStore();
  private readonly actions: AppActions;

  constructor(
    private readonly root: HTMLElement,
    private readonly transport: LensTransport,
  ) {
    this.view = restoreViewState(transport.loadView());
    this.actions = this.createActions();
    this.stage = new LensStage({
      hovered: (hits, point) => this.showTip(hits, point),
      clicked: hits => this.clicked(hits),
      cameraChanged: camera => this.setView({ camera }),
      resized: () => this.requestDraw(),
      stepAnchor: direction => this.stepAnchor(direction),
      unpin: () => this.unpin(),
    });
    this.disposables.add(this.stage);
    this.tip.className = 'tip';
    this.tip.hidden = true;
    this.stage.element.append(this.tip);
    this.stage.element.setAttribute(
      'aria-label',
      'Picture with labels, detections and heatmap of the loss. Plus and minus zoom, arrows pan, 0 fits, 1 shows actual ' +
        'size, H hides the heatmap while held. The table of hardest anchors says the same in numbers.',
    );
    // VS Code changes classes and variables of the page with the theme.
    const themes = new MutationObserver(() => this.stage.themeChanged());
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
    themes.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind'] });
    this.disposables.add(toDisposable(() => themes.disconnect()));
    const save = () => this.save();
    window.addEventListener('pagehide', save);
    this.disposables.add(toDisposable(() => window.removeEventListener('pagehide', save)));
    this.follower = new StateFollower(transport, state => this.showState(state));
    this.draw();
  }

  start(): Promise<void> {
    return this.follower.start();
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.saving);
    this.asking.abort();
    this.disposables.dispose();
    render(nothing, this.root);
  }

  private showState(state: LensState): void {
    this.asking.abort();
    this.pinned = undefined;
    this.showTip([], undefined);
    switch (state.kind) {
      case 'ready':
        this.showReady(state);
        break;
      case 'loading':
        this.phase = { kind: 'loading', title: state.title, stage: state.stage };
        this.stage.showPicture(state.imageUri);
        break;
      case 'failed':
      case 'cancelled':
        this.phase = state;
        break;
    }
    this.requestDraw();
  }

  private showReady({ title, imageUri, analysis }: Extract<LensState, { kind: 'ready' }>): void {
    let image: LensImage;
    try {
      image = lensImage(title, imageUri, analysis);
    } catch (error) {
      this.phase = { kind: 'failed', title, message: messageOf(error) };
      return;
    }
    this.phase = { kind: 'ready', image };
    const { file } = analysis.image;
    const pinned = this.view.image === file ? this.view.pinned : undefined;
    if (this.view.image !== file) {
      const filter = { ...this.view.filter, label: undefined };
      this.view = { ...this.view, image: file, camera: undefined, pinned: undefined, filter };
    }
    this.stage.showImage(image, this.view);
    if (pinned !== undefined && pinned < analysis.anchors.total) this.pin(pinned);
    else this.setView({ pinned: undefined });
  }

  private get image(): LensImage | undefined {
    return this.phase.kind === 'ready' ? this.phase.image : undefined;
  }

  private setView(change: Partial<ViewState>): void {
    this.view = { ...this.view, ...change };
    this.stage.setView(this.view);
    this.requestDraw();
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.save(), 200);
  }

  private save(): void {
    this.transport.saveView(this.view);
  }

  private clicked(hits: readonly AnchorHit[]): void {
    const [hit] = hits;
    if (hit === undefined) this.unpin();
    else this.pin(hit.anchor, hits);
  }

  private pin(anchor: number, neighbours = this.neighbours(anchor)): void {
    this.asking.abort();
    this.asking = new AbortController();
    const { hosted } = this.transport;
    this.pinned = { anchor, neighbours, inspection: { kind: hosted ? 'pending' : 'none' } };
    this.setView({ pinned: anchor });
    if (hosted) void this.inspect(anchor, this.asking.signal);
  }

  private async inspect(anchor: number, signal: AbortSignal): Promise<void> {
    const params = { revision: this.follower.revision, anchor };
    const settle = (inspection: PinnedAnchor['inspection']) => {
      if (signal.aborted || this.pinned?.anchor !== anchor) return;
      this.pinned = { ...this.pinned, inspection };
      this.requestDraw();
    };
    try {
      settle({ kind: 'known', value: await this.transport.request('inspectAnchor', params, { signal }) });
    } catch (error) {
      if (!(error instanceof CancelledError)) settle({ kind: 'failed', message: messageOf(error) });
    }
  }

  /** The anchors at the middle of an anchor's tile, itself among them. */
  private neighbours(anchor: number): readonly AnchorHit[] {
    const { image } = this;
    if (image === undefined) return [];
    const values = image.values(this.view.metric);
    const { level, y, x } = locateAnchor(image.analysis.anchors.levels, anchor);
    const [x1, y1, x2, y2] = tileBox(image.analysis, level, y, x);
    const middle = { x: (x1 + x2) / 2, y: (y1 + y2) / 2 };
    const hits = anchorsAt(image, values, this.view.levelMask | (1 << level), middle, image.passing(this.view.filter));
    return hits.some(hit => hit.anchor === anchor) ? hits : [{ anchor, level, y, x, value: values[anchor] }, ...hits];
  }

  private stepAnchor(direction: 1 | -1): void {
    if (this.pinned === undefined) return;
    const { neighbours, anchor } = this.pinned;
    const next = neighbours[neighbours.findIndex(hit => hit.anchor === anchor) + direction];
    if (next !== undefined) this.pin(next.anchor, neighbours);
  }

  private unpin(): void {
    this.asking.abort();
    if (this.pinned === undefined) return;
    this.pinned = undefined;
    this.setView({ pinned: undefined });
  }

  private zoomTo(box: CornerBox): void {
    this.stage.zoomTo(box);
  }

  private toggleLabel(label: number): void {
    const { filter } = this.view;
    const shown = filter.label === label;
    this.setView({ filter: { ...filter, label: shown ? undefined : label } });
    const box = this.image?.analysis.labels[label]?.bbox;
    if (!shown && box !== undefined) this.zoomTo(toCorners(box));
  }

  private createActions(): AppActions {
    const ask = (method: 'analyzeAgain' | 'chooseModel' | 'cancel') =>
      void this.transport.request(method, undefined).catch(() => undefined);
    return {
      setView: change => this.setView(change),
      pin: (anchor, options) => {
        this.pin(anchor);
        const { image } = this;
        if (options?.zoom === true && image !== undefined) this.zoomTo(anchorBox(image.analysis, anchor));
      },
      unpin: () => this.unpin(),
      stepAnchor: direction => this.stepAnchor(direction),
      zoomTo: box => this.zoomTo(box),
      highlight: (box: XywhBox | undefined) => this.stage.setHighlight(box),
      filter: change => this.setView({ filter: { ...this.view.filter, ...change } }),
      toggleLabel: label => this.toggleLabel(label),
      toggleSection: name => {
        const { toggledSections: names } = this.view;
        this.setView({ toggledSections: names.includes(name) ? names.filter(n => n !== name) : [...names, name] });
      },
      copy: text => void copyText(text),
      fit: () => this.stage.fit(),
      actualSize: () => this.stage.actualSize(),
      zoomBy: factor => this.stage.zoomBy(factor),
      revealLabel: label =>
        void this.transport.request('revealLabel', { revision: this.follower.revision, label }).catch(() => undefined),
      analyzeAgain: () => ask('analyzeAgain'),
      chooseModel: () => ask('chooseModel'),
      cancel: () => ask('cancel'),
    };
  }

  private showTip(hits: readonly AnchorHit[], point: { x: number; y: number } | undefined): void {
    const { image, tip } = this;
    tip.hidden = image === undefined || point === undefined || hits.length === 0;
    if (image === undefined || point === undefined || tip.hidden) return;
    render(tooltip(image, hits), tip);
    const { clientWidth, clientHeight } = this.stage.element;
    const size = { width: tip.offsetWidth, height: tip.offsetHeight };
    const { x, y } = tooltipPlace(point, size, { width: clientWidth, height: clientHeight });
    tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  private requestDraw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { image } = this;
    const model: AppModel = {
      phase: this.phase,
      view: this.view,
      pinned: this.pinned,
      hosted: this.transport.hosted,
      magnification: this.stage.magnification,
    };
    this.root.dataset.phase = this.phase.kind;
    render(
      html`${image === undefined ? nothing : toolbar(image, model, this.actions)}
        <main class="picture-area">
          ${this.stage.element} ${phaseCard(model, this.actions)}
          ${image === undefined ? nothing : legend(image, model, this.actions)}
        </main>
        ${
          image === undefined
            ? nothing
            : html`<aside class="panel" aria-label="Where the loss comes from">
                  ${sidePanel(image, model, this.actions)}
                </aside>
                ${statusLine(image.analysis)}`
        }`,
      this.root,
    );
  }
}
