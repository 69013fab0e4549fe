import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import { MessageHandler, type Handlers, type PassiveSide } from '../../common/messageHandler';
import type { GalleryMethods, GallerySide } from '../../protocol/gallery';
import { loadLensPage } from '../lensWebview';
import { webviewTransport } from '../webviewTransport';
import { galleryGuards } from './galleryGuards';
import { galleryHandlers, type GalleryParts } from './galleryHandlers';

export const galleryViewType = 'focalLens.gallery';

/** The gallery's tab. */
export class GalleryPanel implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly messages: MessageHandler<GallerySide, PassiveSide>;
  /** What the page is answered. */
  readonly answers: Handlers<GalleryMethods>;
  /** Last revision that the page has fetched. */
  private fetched = -1;

  /** @param panel a fresh panel, or one that is being restored */
  constructor(
    private readonly panel: vscode.WebviewPanel,
    extensionUri: vscode.Uri,
    private readonly parts: GalleryParts & { readonly log: (error: unknown) => void },
  ) {
    const title = vscode.l10n.t('Label Gallery');
    panel.title = title;
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.svg');
    this.answers = {
      ...galleryHandlers(parts),
      getState: () => {
        this.fetched = parts.data.value.revision;
        return parts.data.value;
      },
    };
    this.messages = this.store.add(
      new MessageHandler<GallerySide, PassiveSide>(webviewTransport(panel.webview), {
        guards: galleryGuards,
        events: {},
        onError: error => parts.log(error),
        handlers: this.answers,
      }),
    );
    this.store.add(
      parts.data.onDidChange(() => this.messages.emit('stateChanged', { revision: parts.data.value.revision })),
    );
    loadLensPage(panel, extensionUri, [], { title, restore: galleryViewType, bundle: 'gallery' });
    panel.onDidDispose(() => this.dispose());
  }

  /** Whether the page has fetched what is to be shown. */
  get isUpToDate(): boolean {
    return this.fetched === this.parts.data.value.revision;
  }

  onDidDispose(listener: () => void): void {
    this.panel.onDidDispose(listener);
  }

  reveal(): void {
    this.panel.reveal(undefined, false);
  }

  triageChanged(): void {
    this.messages.emit('triageChanged', { revision: this.parts.data.value.revision });
  }

  close(): void {
    this.panel.dispose();
  }

  dispose(): void {
    this.store.dispose();
  }
}
