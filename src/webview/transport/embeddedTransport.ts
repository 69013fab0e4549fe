import { toDisposable } from '../../common/disposables';
import { messageOf } from '../../common/errors';
import type { ParamsOf, ResultOf } from '../../common/messageHandler';
import type { EmbeddedAnalysis, LensMethods, LensState } from '../../protocol/messages';
import { unpackColumns } from './unpackColumns';
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
  const snapshot = async () => {
    const asked = revision;
    return { revision: asked, state: await stateOf(images, index) };
  };
  return {
    hosted: false,
    request: <K extends keyof LensMethods>(method: K, params: ParamsOf<LensMethods, K>) => {
      switch (method) {
        case 'getState':
          return snapshot() as Promise<ResultOf<LensMethods, K>>;
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

async function stateOf(images: readonly EmbeddedAnalysis[], index: number): Promise<LensState> {
  const image = images[index];
  if (image === undefined) return { kind: 'failed', title: '', message: 'This report holds no image.' };
  const { title, imageUri, analysis } = image;
  const place = { index, count: images.length };
  try {
    const columns = await unpackColumns(analysis.columns);
    return { kind: 'ready', title, imageUri, place, analysis: { ...analysis, columns } };
  } catch (error) {
    return { kind: 'failed', title, message: messageOf(error) };
  }
}
