import { toDisposable } from '../../common/disposables';
import type { ParamsOf, ResultOf } from '../../common/messageHandler';
import type { EmbeddedAnalysis, LensMethods, LensState } from '../../protocol/messages';
import { decodeBase64 } from './base64';
import type { LensTransport } from './lensTransport';

/**
 * Runs the app from data in the page: no host, and one state for each image of the report. Throws SyntaxError on broken
 * data.
 */
export function embeddedTransport(json: string): LensTransport {
  const images = JSON.parse(json) as readonly EmbeddedAnalysis[];
  const listeners = new Set<(revision: number) => void>();
  let [index, revision] = [0, 1];
  let view: unknown;
  const step = (direction: 1 | -1) => {
    const next = Math.min(images.length - 1, Math.max(0, index + direction));
    if (next === index) return;
    index = next;
    revision++;
    listeners.forEach(listener => listener(revision));
  };
  return {
    hosted: false,
    request: <K extends keyof LensMethods>(method: K, params: ParamsOf<LensMethods, K>) => {
      switch (method) {
        case 'getState':
          return Promise.resolve({ revision, state: stateOf(images, index) } as ResultOf<LensMethods, K>);
        case 'showNeighbor':
          step((params as LensMethods['showNeighbor']['params']).direction);
          return Promise.resolve(null as ResultOf<LensMethods, K>);
        default:
          return Promise.reject(new Error(`A report cannot answer ${method}`));
      }
    },
    onStateChanged: listener => {
      listeners.add(listener);
      return toDisposable(() => listeners.delete(listener));
    },
    onLabelRequested: () => toDisposable(() => undefined),
    onPlaceFocused: () => toDisposable(() => undefined),
    loadView: () => view,
    saveView: saved => {
      view = saved;
    },
  };
}

function stateOf(images: readonly EmbeddedAnalysis[], index: number): LensState {
  const image = images[index];
  if (image === undefined) return { kind: 'failed', title: '', message: 'This report holds no image.' };
  const { title, imageUri, analysis } = image;
  const place = { index, count: images.length };
  return { kind: 'ready', title, imageUri, place, analysis: { ...analysis, columns: decodeBase64(analysis.columns) } };
}
