import { toDisposable } from '../../common/disposables';
import { MessageHandler, type PassiveSide } from '../../common/messageHandler';
import type { LensEvents, LensSide, LensSnapshot } from '../../protocol/messages';
import { hostTransport } from './hostTransport';
import type { LensTransport } from './lensTransport';
import type { VsCodeApi } from './vsCodeApi';

/** What VS Code keeps of a panel while it is hidden or the window closed. */
interface KeptState {
  /** What the extension needs to restore the panel: written by it, handed back as it is. */
  readonly restore: string | undefined;
  readonly view: unknown;
}

/**
 * Speaks to the extension through VS Code's postMessage.
 *
 * @param restore what the extension's serializer is to get back when the window opens again
 */
export function vscodeTransport(api: VsCodeApi, restore: string | undefined): LensTransport {
  const kept = api.getState() as Partial<KeptState> | undefined;
  let state: KeptState = { restore, view: kept?.view };
  const keep = (change: Partial<KeptState>) => {
    state = { ...state, ...change };
    api.setState(state);
  };
  keep({});
  const listeners = new Set<(revision: number) => void>();
  const labelListeners = new Set<(request: LensEvents['labelRequested']) => void>();
  const placeListeners = new Set<(request: LensEvents['focusPlace']) => void>();
  const handler = new MessageHandler<PassiveSide, LensSide>(hostTransport(api), {
    handlers: {},
    events: {
      stateChanged: ({ revision }) => listeners.forEach(listener => listener(revision)),
      labelRequested: request => labelListeners.forEach(listener => listener(request)),
      focusPlace: request => placeListeners.forEach(listener => listener(request)),
    },
  });
  return {
    hosted: true,
    request: async (method, params, options) => {
      const result = await handler.request(method, params, options);
      if (method === 'getState') {
        const snapshot = result as LensSnapshot;
        // Another image may be shown by now than the page was made for.
        if (snapshot.restore !== undefined && snapshot.restore !== state.restore) keep({ restore: snapshot.restore });
      }
      return result;
    },
    onStateChanged: listener => {
      listeners.add(listener);
      return toDisposable(() => listeners.delete(listener));
    },
    onLabelRequested: listener => {
      labelListeners.add(listener);
      return toDisposable(() => labelListeners.delete(listener));
    },
    onPlaceFocused: listener => {
      placeListeners.add(listener);
      return toDisposable(() => placeListeners.delete(listener));
    },
    loadView: () => state.view,
    saveView: view => keep({ view }),
  };
}
