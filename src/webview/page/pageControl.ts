import { DisposableStore, toDisposable, type Disposable } from '../../common/disposables';
import { CancelledError, messageOf } from '../../common/errors';
import type { ImagePlace } from '../../protocol/messages';
import type { LensTransport } from '../transport/lensTransport';
import { LensExporter, type ExportKind, type ExportSource } from './exports';
import { listenToPage, type PageActions } from './pageInput';
import type { PageMenuActions } from './pageMenu';

/** What the page shows beside the lens itself. */
export interface PageModel {
  readonly place: ImagePlace | undefined;
  /** Something that could be opened is being dragged over the page. */
  readonly dragging: boolean;
  /** Why something asked for did not happen. */
  readonly message: string | undefined;
  /** Whether something has just been copied. */
  readonly copied: boolean;
}

export interface PageControlActions extends PageMenuActions {
  dismissMessage(): void;
}

/** How long a copy is confirmed, milliseconds. */
const copiedFor = 1600;

/** Goes from image to image, takes drops, saves files and shows the sheet of keys. */
export class PageControl implements Disposable {
  private shown: PageModel = { place: undefined, dragging: false, message: undefined, copied: false };
  private copiedTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly exporter: LensExporter;
  private readonly disposables = new DisposableStore();

  /** @param source what an export is made of; undefined while there is no analysis */
  constructor(
    private readonly transport: LensTransport,
    private readonly root: HTMLElement,
    private readonly source: () => ExportSource | undefined,
    private readonly changed: () => void,
  ) {
    this.exporter = new LensExporter(transport, message => this.update({ message }));
    this.disposables.add(listenToPage(this.pageActions()));
    this.disposables.add(toDisposable(() => this.sheet?.close()));
    this.disposables.add(toDisposable(() => clearTimeout(this.copiedTimer)));
  }

  get model(): PageModel {
    return this.shown;
  }

  setPlace(place: ImagePlace | undefined): void {
    this.update({ place, message: undefined });
  }

  /** Something was to be copied: says so for a moment, or that it could not be. */
  copied(done: boolean): void {
    clearTimeout(this.copiedTimer);
    if (done) {
      this.update({ copied: true });
      this.copiedTimer = setTimeout(() => this.update({ copied: false }), copiedFor);
    } else this.update({ message: 'The clipboard could not be written: copy by selecting the text.' });
  }

  dispose(): void {
    this.disposables.dispose();
  }

  actions(): PageControlActions {
    return {
      showNeighbor: direction => this.showNeighbor(direction),
      exportAs: kind => this.exportAs(kind),
      toggleKeys: () => this.toggleKeys(),
      dismissMessage: () => this.update({ message: undefined }),
    };
  }

  private pageActions(): PageActions {
    return {
      showNeighbor: direction => this.showNeighbor(direction),
      openImages: uris => this.ask(this.transport.request('openImages', { uris })),
      toggleKeys: () => this.toggleKeys(),
      dragging: over => {
        const dragging = over && this.transport.hosted;
        if (dragging !== this.shown.dragging) this.update({ dragging });
      },
    };
  }

  private get sheet(): HTMLDialogElement | null {
    return this.root.querySelector('dialog.key-sheet');
  }

  private showNeighbor(direction: 1 | -1): void {
    this.ask(this.transport.request('showNeighbor', { direction }));
  }

  private exportAs(kind: ExportKind): void {
    const source = this.source();
    if (source !== undefined) void this.exporter.run(kind, source);
  }

  private toggleKeys(): void {
    const { sheet } = this;
    if (sheet?.open === true) sheet.close();
    else sheet?.showModal();
  }

  private ask(request: Promise<null>): void {
    request.catch((error: unknown) => {
      if (!(error instanceof CancelledError)) this.update({ message: messageOf(error) });
    });
  }

  private update(change: Partial<PageModel>): void {
    this.shown = { ...this.shown, ...change };
    this.changed();
  }
}
