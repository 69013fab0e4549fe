import { DisposableStore, type Disposable } from '../common/disposables';
import { messageOf } from '../common/errors';
import type { LensState } from '../protocol/messages';
import { nothing, render } from 'lit';
import { Announcer } from './announcer';
import type { AppActions, AppModel, Phase } from './appModel';
import { LensStage } from './canvas/lensStage';
import { copyText } from './clipboard';
import { HoverTip } from './hoverTip';
import { orderMetric } from './lens/anchorOrder';
import { lensImage, type LensImage } from './lens/lensImage';
import { changedView, restoreViewState, type ViewState } from './lens/viewState';
import { ownSettings, sameSettings, type WhatIf } from './lens/whatIf';
import { askHost, LossFollower } from './lossFollower';
import { lensPage } from './lensPage';
import type { ExportSource } from './page/exports';
import { PageControl } from './page/pageControl';
import { Pins } from './pins';
import { PanelScroll } from './panel/panelScroll';
import { Places } from './places';
import { watchTheme } from './themeWatch';
import { ViewKeeper } from './viewKeeper';
import type { LensTransport } from './transport/lensTransport';
import { StateFollower, type WantedWithState } from './transport/stateFollower';
import { spokenAnchor, spokenPins } from './words/spokenAnchor';

/** The lens: follows the host's state, owns what the user has chosen, and draws stage and panel from both. */
export class LensApp implements Disposable {
  private phase: Phase = { kind: 'starting' };
  private view: ViewState;
  private pictureFailed = false;
  /** Gamma, alpha or bands changed since the last frame. */
  private lossChanged = false;
  private isFirstFrame = false;
  /** An anchor was chosen on the picture: its inspection, on top of the panel, is to be seen. */
  private revealsInspection = false;
  /** What is to be shown of a new image once the stage has its size. */
  private wanted: WantedWithState = {};
  private frame = 0;
  private readonly follower: StateFollower;
  private readonly stage: LensStage;
  private readonly tip: HoverTip;
  private readonly announcer: Announcer;
  private readonly pins: Pins;
  private readonly places: Places;
  private readonly losses: LossFollower;
  private readonly page: PageControl;
  private readonly keeper: ViewKeeper;
  private readonly panelScroll: PanelScroll;
  private readonly disposables = new DisposableStore();
  private readonly actions: AppActions;

  constructor(
    private readonly root: HTMLElement,
    private readonly transport: LensTransport,
  ) {
    const saved = transport.loadView();
    this.view = restoreViewState(saved);
    // In a narrow page the picture needs the room.
    if (saved === undefined && innerWidth < 780) this.view = { ...this.view, whatIfBar: false };
    this.page = this.disposables.add(
      new PageControl(
        transport,
        root,
        () => this.exportSource(),
        () => this.requestDraw(),
      ),
    );
    this.actions = this.createActions();
    this.stage = new LensStage({
      hovered: (hits, point, index, byKeys) => {
        const { image, view } = this;
        this.tip.show(image, hits, point, index, view.metric);
        if (byKeys && image !== undefined)
          this.announcer.say(spokenAnchor(image, hits, index, orderMetric(view.metric)));
      },
      clicked: (hits, index, compares) => {
        this.tip.hide();
        this.pins.clicked(hits, index, compares);
        if (hits.length > 0) this.revealsInspection = true;
        this.announcePins();
      },
      clickUndone: () => this.pins.undoClick(),
      cameraChanged: camera => this.setView({ camera }),
      resized: () => this.requestDraw(),
      pictureLoaded: ok => {
        this.pictureFailed = !ok;
        this.requestDraw();
      },
      stepAnchor: direction => {
        this.pins.step(direction);
        this.announcePins();
      },
      unpin: () => {
        this.pins.back();
        this.announcePins();
      },
    });
    this.disposables.add(this.stage);
    this.tip = new HoverTip(this.stage.element);
    this.announcer = this.disposables.add(new Announcer(this.stage.element));
    this.disposables.add(watchTheme(() => this.stage.themeChanged()));
    this.keeper = this.disposables.add(new ViewKeeper(transport, () => this.view));
    this.panelScroll = this.disposables.add(new PanelScroll(root));
    this.follower = this.disposables.add(
      new StateFollower(transport, (state, _, wanted) => this.showState(state, wanted)),
    );
    this.disposables.add(
      transport.onLabelRequested(({ revision, label }) => {
        if (revision === this.follower.revision) this.places.showLabel(label);
      }),
    );
    this.disposables.add(
      transport.onPlaceFocused(({ revision, bbox }) => {
        if (revision !== this.follower.revision) return;
        this.places.focus(bbox);
        this.revealsInspection = true;
      }),
    );
    this.pins = new Pins({
      transport,
      image: () => this.image,
      view: () => this.view,
      setView: change => this.setView(change),
      revision: () => this.follower.revision,
      requestDraw: () => this.requestDraw(),
    });
    this.places = new Places({
      pins: this.pins,
      image: () => this.image,
      view: () => this.view,
      setView: change => this.setView(change),
      zoomTo: box => this.stage.zoomTo(box),
    });
    this.losses = this.disposables.add(
      new LossFollower(
        askHost(transport, () => this.follower.revision),
        () => this.showLosses(),
      ),
    );
    this.draw();
  }

  start(): Promise<void> {
    return this.follower.start();
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.pins.clear();
    this.disposables.dispose();
    render(nothing, this.root);
  }

  private showState(state: LensState, wanted: WantedWithState): void {
    this.pins.clear();
    this.tip.hide();
    this.wanted = wanted;
    switch (state.kind) {
      case 'ready':
        this.showReady(state);
        this.page.setPlace(state.place);
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
    this.isFirstFrame = true;
    const { file } = analysis.image;
    if (this.view.image !== file) {
      const filter = { ...this.view.filter, label: undefined };
      const nothingYet = { camera: undefined, pinned: undefined, compared: undefined, focus: undefined };
      this.view = { ...this.view, ...nothingYet, image: file, filter };
    }
    this.losses.setImage(image, this.view.whatIf);
    this.stage.showImage(this.losses.live ?? image, this.view);
    this.pins.restore();
  }

  /** The image as it is shown: under the what-if settings. */
  private get image(): LensImage | undefined {
    return this.phase.kind === 'ready' ? (this.losses.live ?? this.phase.image) : undefined;
  }

  private setView(change: Partial<ViewState>): void {
    const { whatIf, metric } = this.view;
    this.view = changedView(this.view, change);
    if (this.view.metric !== metric) this.pins.reorder();
    // Losses follow once a frame, however often a slider reports.
    if (this.view.whatIf !== whatIf) this.lossChanged = true;
    else this.stage.setView(this.view);
    this.requestDraw();
    this.keeper.changed();
  }

  private changeWhatIf(change: (current: WhatIf) => Partial<WhatIf>): void {
    const base = this.losses.own;
    if (base === undefined) return;
    const own = ownSettings(base.analysis);
    const current = this.view.whatIf ?? own;
    const next = { ...current, ...change(current) };
    this.setView({ whatIf: sameSettings(next, own) ? undefined : next });
  }

  private showLosses(): void {
    const { live } = this.losses;
    if (live !== undefined && this.phase.kind === 'ready') this.stage.updateImage(live, this.view);
    this.pins.reorder();
    this.requestDraw();
  }

  /** Says which anchor is inspected now. */
  private announcePins(): void {
    const { image } = this;
    if (image !== undefined) this.announcer.say(spokenPins(image, this.pins));
  }

  private exportSource(): ExportSource | undefined {
    const { phase, image, view } = this;
    if (phase.kind !== 'ready' || image === undefined) return undefined;
    const { revision } = this.follower;
    return {
      base: phase.image,
      shown: image,
      view,
      precision: this.losses.precision,
      revision,
      stage: () => this.stage.snapshot(),
    };
  }

  private createActions(): AppActions {
    const ask = (method: 'analyzeAgain' | 'chooseModel' | 'cancel') =>
      void this.transport.request(method, undefined).catch(() => undefined);
    return {
      ...this.page.actions(),
      setView: change => this.setView(change),
      changeWhatIf: change => this.changeWhatIf(change),
      pin: (anchor, options) => {
        if (options?.zoom === true) this.places.showAnchor(anchor);
        else this.pins.pin(anchor);
      },
      unpin: () => this.pins.unpin(),
      compare: anchor => this.pins.compare(anchor),
      uncompare: () => this.pins.uncompare(),
      settleLoss: () => {
        this.applyLosses();
        this.losses.settle();
      },
      stepAnchor: direction => this.pins.step(direction),
      zoomTo: box => this.stage.zoomTo(box),
      focus: bbox => this.places.focus(bbox),
      highlight: box => this.stage.setHighlight(box),
      filter: change => this.setView({ filter: { ...this.view.filter, ...change } }),
      toggleLabel: label => this.places.toggleLabel(label),
      toggleSection: name => {
        const { toggledSections: names } = this.view;
        this.setView({ toggledSections: names.includes(name) ? names.filter(n => n !== name) : [...names, name] });
      },
      copy: text => void copyText(text).then(copied => this.page.copied(copied)),
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

  private requestDraw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.applyLosses();
      this.draw();
    });
  }

  private applyLosses(): void {
    if (!this.lossChanged) return;
    this.lossChanged = false;
    this.losses.follow(this.view.whatIf);
    const { live } = this.losses;
    if (live !== undefined && this.phase.kind === 'ready') this.stage.updateImage(live, this.view);
  }

  private draw(): void {
    const { image } = this;
    const model: AppModel = {
      phase: this.phase,
      view: this.view,
      pinned: this.pins.pinned,
      compared: this.pins.compared,
      base: this.losses.own,
      settled: this.losses.settled,
      precision: this.losses.precision,
      isFirstFrame: this.isFirstFrame,
      pictureFailed: this.pictureFailed,
      hosted: this.transport.hosted,
      page: this.page.model,
      magnification: this.stage.magnification,
    };
    this.root.dataset.phase = this.phase.kind;
    render(lensPage(image, model, this.stage.element, this.actions), this.root);
    this.panelScroll.drawn();
    if (this.revealsInspection) {
      this.revealsInspection = false;
      this.panelScroll.toTop();
    }
    if (this.isFirstFrame) {
      this.isFirstFrame = false;
      this.requestDraw();
    } else if (image !== undefined) {
      const { label, focus } = this.wanted;
      this.wanted = {};
      if (label !== undefined) this.places.showLabel(label);
      if (focus !== undefined) this.places.focus(focus);
    }
  }
}
