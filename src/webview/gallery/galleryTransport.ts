import { toDisposable, type Disposable } from '../../common/disposables';
import {
  MessageHandler,
  type ParamsOf,
  type PassiveSide,
  type RequestOptions,
  type ResultOf,
} from '../../common/messageHandler';
import type { GalleryEvents, GalleryMethods, GallerySide } from '../../protocol/gallery';
import { hostTransport } from '../transport/hostTransport';
import type { VsCodeApi } from '../transport/vsCodeApi';

/** Who answers the gallery's page. */
export interface GalleryTransport {
  request<K extends keyof GalleryMethods>(
    method: K,
    params: ParamsOf<GalleryMethods, K>,
    options?: Pick<RequestOptions<never>, 'signal'>,
  ): Promise<ResultOf<GalleryMethods, K>>;
  on<K extends keyof GalleryEvents>(event: K, listener: (payload: GalleryEvents[K]) => void): Disposable;
  /** What was last saved by this tab, checked by the caller. */
  loadView(): unknown;
  saveView(view: unknown): void;
}

/** Speaks to the extension through VS Code's postMessage. */
export function galleryTransport(api: VsCodeApi): GalleryTransport {
  const listeners: { [K in keyof GalleryEvents]: Set<(payload: GalleryEvents[K]) => void> } = {
    stateChanged: new Set(),
    triageChanged: new Set(),
  };
  const handler = new MessageHandler<PassiveSide, GallerySide>(hostTransport(api), {
    handlers: {},
    events: {
      stateChanged: payload => listeners.stateChanged.forEach(listener => listener(payload)),
      triageChanged: payload => listeners.triageChanged.forEach(listener => listener(payload)),
    },
  });
  return {
    request: (method, params, options) => handler.request(method, params, options),
    on: (event, listener) => {
      listeners[event].add(listener);
      return toDisposable(() => listeners[event].delete(listener));
    },
    loadView: () => api.getState(),
    saveView: view => api.setState(view),
  };
}
