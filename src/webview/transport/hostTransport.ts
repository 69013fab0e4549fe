import { toDisposable } from '../../common/disposables';
import type { Transport } from '../../common/messageHandler';
import type { VsCodeApi } from './vsCodeApi';

/** Messages between a webview's page and the extension. */
export function hostTransport(api: Pick<VsCodeApi, 'postMessage'>): Transport {
  return {
    send: message => api.postMessage(message),
    onMessage: listener => {
      const receive = (event: MessageEvent<unknown>) => listener(event.data);
      window.addEventListener('message', receive);
      return toDisposable(() => window.removeEventListener('message', receive));
    },
  };
}
