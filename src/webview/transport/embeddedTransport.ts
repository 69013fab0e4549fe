import { toDisposable } from '../../common/disposables';
import type { ResultOf } from '../../common/messageHandler';
import type { EmbeddedAnalysis, LensMethods, LensState } from '../../protocol/messages';
import { decodeBase64 } from './base64';
import type { LensTransport } from './lensTransport';

/** Runs the app from data in the page: no host, one state that never changes. Throws SyntaxError on broken data. */
export function embeddedTransport(json: string): LensTransport {
  const { title, imageUri, analysis } = JSON.parse(json) as EmbeddedAnalysis;
  const state: LensState = {
    kind: 'ready',
    title,
    imageUri,
    analysis: { ...analysis, columns: decodeBase64(analysis.columns) },
  };
  return {
    hosted: false,
    request: <K extends keyof LensMethods>(method: K) =>
      method === 'getState'
        ? Promise.resolve({ revision: 1, state } as ResultOf<LensMethods, K>)
        : Promise.reject(new Error(`A report cannot answer ${method}`)),
    onStateChanged: () => toDisposable(() => undefined),
    loadView: () => undefined,
    saveView: () => undefined,
  };
}
