import { render } from 'lit';
import type { GalleryDetails, GalleryItem, GallerySnapshot } from '../../protocol/gallery';
import { patientRequest } from '../transport/patientRequest';
import { GalleryDecisions } from './galleryDecisions';
import { FocusDetails, type ItemRef } from './focusDetails';
import { galleryLayout } from './galleryLayout';
import { GalleryList, identityOf } from './galleryList';
import { keyAction, type GalleryKeyActions } from './galleryKeys';
import type { GalleryModel } from './galleryModel';
import type { GalleryActions } from './galleryActions';
import { galleryPage } from './galleryPage';
import { GalleryPictures } from './galleryPictures';
import type { GalleryTransport } from './galleryTransport';
import { parseView, resized, type GalleryView } from './galleryView';
import { tileName } from './galleryWords';
import { moved, type GridLayout } from './gridLayout';
import { GridScroller } from './gridScroller';
import { PageErrors } from './pageErrors';

/** The gallery's page: what is shown, what keys and controls do, and what is asked of the host. */
export class GalleryApp implements GalleryKeyActions {
  private view: GalleryView;
  private snapshot: GallerySnapshot = { revision: -1, state: { kind: 'loading' } };
  private list: GalleryList | undefined;
  private readonly pictures: GalleryPictures;
  private readonly scroller: GridScroller;
  private layout: GridLayout;
  private readonly details: FocusDetails;
  private readonly decisions: GalleryDecisions;
  private readonly errors = new PageErrors(() => this.requestDraw());
  private frame = 0;
  private drawn: { readonly rows: GalleryModel['rows']; readonly height: number } = { rows: [], height: -1 };
  /** Bring the focused tile into view with the next frame. */
  private revealing = true;
  /** The focused tile of the former revision, to be found in this one. */
  private sought: string | undefined;
  /** Counts the lists asked for: only the last one is shown. */
  private listing = 0;
  private readonly actions: GalleryActions;

  constructor(
    private readonly root: HTMLElement,
    private readonly transport: GalleryTransport,
  ) {
    this.view = parseView(transport.loadView());
    this.scroller = new GridScroller(() => root.querySelector<HTMLElement>('.grid-scroller'));
    this.pictures = new GalleryPictures(
      (request, signal) => transport.request('crop', { revision: this.snapshot.revision, ...request }, { signal }),
      () => this.requestDraw(),
    );
    this.details = new FocusDetails(
      (item, signal) => transport.request('details', item, { signal }),
      () => this.requestDraw(),
      error => this.errors.add(error),
    );
    this.decisions = new GalleryDecisions(this.details, () => this.requestDraw());
    this.layout = this.layoutNow();
    this.actions = {
      setView: change => this.setView(change),
      focusTile: index => this.focusOn(index),
      scrolled: () => {
        this.scroller.follow(this.layout);
        this.requestDraw();
      },
      wheeled: event => {
        if (this.scroller.wheel(this.layout, event)) this.requestDraw();
      },
      host: method => void this.errors.ask(() => this.transport.request(method, undefined)),
      dismissMessage: () => this.errors.dismiss(),
      keys: this,
    };
  }

  async start(): Promise<void> {
    this.transport.on('stateChanged', () => void this.pull());
    this.transport.on('triageChanged', () => {
      this.details.askAgain();
      this.requestDraw();
      void this.errors.ask(() => this.list?.refreshTriage() ?? Promise.resolve());
      void this.pull();
    });
    this.root.addEventListener('keydown', event => this.keyPressed(event));
    new ResizeObserver(() => {
      this.revealing = true;
      this.requestDraw();
    }).observe(this.root);
    this.draw();
    await this.pull();
  }

  move(...[move]: Parameters<GalleryKeyActions['move']>): void {
    this.focusOn(moved(this.layout, this.view.focus, move, this.scroller.viewport));
  }

  next(direction: 1 | -1): void {
    if (this.list) this.focusOn(this.list.nextOpen(this.view.focus, direction, this.layout.count));
  }

  openInLens(): void {
    this.onFocused(item => this.transport.request('openInLens', item));
  }

  goToLabel(): void {
    this.onFocused(item => this.transport.request('goToLabel', item));
  }

  applyFix(which: number): void {
    this.decide('Fixed', (item, { fixes }) =>
      which < fixes.length ? this.transport.request('applyFix', { ...item, fix: which }) : Promise.resolve(false),
    );
  }

  confirm(): void {
    this.decide('Confirmed', (item, { triage }) =>
      triage.state === 'open' ? this.transport.request('confirm', item) : Promise.resolve(false),
    );
  }

  dismiss(): void {
    this.decide('Dismissed', item => this.transport.request('dismiss', item));
  }

  markFixed(): void {
    this.decide('Marked as fixed', item => this.transport.request('markFixed', item));
  }

  restore(): void {
    this.onFocused(item => this.decisions.run('Restored', () => this.transport.request('restore', item)));
  }

  undo(): void {
    void this.errors.ask(() => this.decisions.run('Undone', () => this.transport.request('undo', undefined)));
  }

  toggle(what: 'heat' | 'boxes'): void {
    this.setView({ [what]: !this.view[what] });
  }

  resize(step: 1 | -1): void {
    this.setView({ size: resized(this.view.size, step) });
  }

  toggleKeys(): void {
    const sheet = this.root.querySelector<HTMLDialogElement>('.key-sheet');
    if (sheet?.open === true) sheet.close();
    else sheet?.showModal();
  }

  private get focused(): GalleryItem | undefined {
    return this.list?.get(this.view.focus);
  }

  private get focusedRef(): ItemRef | undefined {
    const { focused } = this;
    return focused && { revision: this.snapshot.revision, key: focused.key };
  }

  private async pull(): Promise<void> {
    const snapshot = await this.errors.ask(() =>
      patientRequest(signal => this.transport.request('getState', undefined, { signal })),
    );
    if (snapshot === undefined || snapshot.revision < this.snapshot.revision) return;
    // Only the counts are others.
    if (snapshot.revision === this.snapshot.revision) {
      this.snapshot = snapshot;
      return this.requestDraw();
    }
    const former = this.focused;
    this.snapshot = snapshot;
    this.sought = former && identityOf(former);
    await this.relist();
  }

  /** Reads the list that the view asks for. */
  private async relist(): Promise<void> {
    const own = ++this.listing;
    const { revision, state } = this.snapshot;
    if (state.kind !== 'ready') {
      this.list?.dispose();
      this.list = undefined;
      this.requestDraw();
      return;
    }
    const list = await this.errors.ask(() =>
      GalleryList.read(
        this.transport,
        revision,
        this.view,
        () => this.requestDraw(),
        error => this.errors.add(error),
      ),
    );
    if (list === undefined || own !== this.listing) return;
    if (this.list?.revision !== list.revision) this.pictures.clear();
    this.list?.dispose();
    this.list = list;
    this.layout = this.layoutNow();
    this.view = { ...this.view, focus: Math.max(0, Math.min(this.view.focus, this.layout.count - 1)) };
    this.revealing = true;
    this.requestDraw();
  }

  private setView(change: Partial<GalleryView>): void {
    const before = this.view;
    const isOther = (['source', 'kind', 'group', 'sort'] as const).some(
      key => change[key] !== undefined && change[key] !== before[key],
    );
    this.view = { ...before, ...change, ...(isOther ? { focus: 0 } : {}) };
    this.transport.saveView(this.view);
    this.revealing = true;
    this.sought = undefined;
    if (isOther) void this.relist();
    this.requestDraw();
  }

  private focusOn(index: number): void {
    this.setView({ focus: index });
  }

  private keyPressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isForControl(event)) return;
    const run = keyAction(event, this);
    if (run === undefined) return;
    event.preventDefault();
    run();
  }

  /** Acts on the focused tile's suspicion; then on to the next. */
  private decide(done: string, act: (item: ItemRef, details: GalleryDetails) => Promise<boolean>): void {
    const { focus } = this.view;
    const next = () => focus === this.view.focus && this.next(1);
    this.onFocused(item => this.decisions.decide(item, done, details => act(item, details), next));
  }

  private onFocused(act: (item: ItemRef) => Promise<unknown>): void {
    const item = this.focusedRef;
    if (item !== undefined) void this.errors.ask(() => act(item));
  }

  private layoutNow(): GridLayout {
    return galleryLayout(this.list?.sections ?? [], this.view.size, this.scroller.width(this.root.clientWidth));
  }

  private requestDraw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { list, scroller, pictures, view } = this;
    this.layout = this.layoutNow();
    this.seek();
    if (this.revealing && list !== undefined) {
      // A scroll bar has to have its range before it can be set.
      if (scroller.range(this.layout).height !== this.drawn.height) this.render(this.drawn.rows);
      scroller.reveal(this.layout, this.view.focus);
      this.revealing = false;
    }
    const rows = scroller.rows(this.layout);
    pictures.setup(this.layout.tileWidth, view.heat);
    pictures.want(this.focused?.key, list?.wantRows(rows) ?? []);
    this.details.follow(this.focusedRef);
    this.render(rows);
  }

  private render(rows: GalleryModel['rows']): void {
    const model = this.model(rows);
    this.drawn = { rows, height: model.range.height };
    render(galleryPage(model, this.actions), this.root);
    // The first time, only now is it known how wide the tiles' part is.
    this.layout = this.layoutNow();
    // Keys work at once.
    if (model.isListed && document.activeElement === document.body) this.scroller.focus();
  }

  /** After the list has been read again, the focus goes to what it was on before. */
  private seek(): void {
    if (this.sought === undefined || this.focused === undefined) return;
    const found = this.list?.find(this.sought, this.view.focus);
    this.sought = undefined;
    if (found === undefined || found === this.view.focus) return;
    this.view = { ...this.view, focus: found };
    this.revealing = true;
  }

  private model(rows: GalleryModel['rows']): GalleryModel {
    const { view, layout, scroller, list, pictures, focused } = this;
    const { announcement, busy } = this.decisions;
    return {
      view,
      state: this.snapshot.state,
      isListed: list !== undefined,
      sections: list?.sections ?? [],
      layout,
      range: scroller.range(layout),
      rows,
      top: scroller.top,
      scrollTop: scroller.scrollTop,
      item: index => list?.get(index),
      crop: key => pictures.ofTile(key),
      large: focused && pictures.ofStrip(focused.key),
      focused,
      details: this.details.get(this.focusedRef),
      announcement: focused === undefined ? announcement : `${announcement} ${tileName(focused)}`,
      busy,
      message: this.errors.message,
    };
  }
}

/** Whether a key belongs to the control that has the focus rather than to the tiles. */
function isForControl({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('dialog, vscode-single-select') !== null) return true;
  return (key === 'Enter' || key === ' ') && target.closest('button, vscode-button') !== null;
}
