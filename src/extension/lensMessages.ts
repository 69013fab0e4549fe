import type { Guards } from '../common/messageHandler';
import type { LensMethods } from '../protocol/messages';

/** Checks of what a webview asks: it shows texts of data sets and is not trusted. Ranges are checked against the analysis. */
export const lensGuards: Guards<LensMethods> = {
  getState: isNothing,
  inspectAnchor: (params): params is LensMethods['inspectAnchor']['params'] => hasIndices(params, 'revision', 'anchor'),
  recomputeLoss: (params): params is LensMethods['recomputeLoss']['params'] =>
    hasIndices(params, 'revision') && isRecord(params) && isWithin(params.gamma, 0, 5) && isWithin(params.alpha, -1, 1),
  revealLabel: (params): params is LensMethods['revealLabel']['params'] => hasIndices(params, 'revision', 'label'),
  analyzeAgain: isNothing,
  chooseModel: isNothing,
  showNeighbor: (params): params is LensMethods['showNeighbor']['params'] =>
    isRecord(params) && (params.direction === 1 || params.direction === -1),
  openImages: (params): params is LensMethods['openImages']['params'] =>
    isRecord(params) &&
    Array.isArray(params.uris) &&
    params.uris.length <= mostUris &&
    params.uris.every(uri => typeof uri === 'string' && uri.length <= longestUri),
  exportReport: (params): params is LensMethods['exportReport']['params'] => hasIndices(params, 'revision'),
  exportAnchors: (params): params is LensMethods['exportAnchors']['params'] => hasIndices(params, 'revision'),
  savePicture: (params): params is LensMethods['savePicture']['params'] =>
    hasIndices(params, 'revision') && isRecord(params) && isPng(params.png),
  cancel: isNothing,
};

const mostUris = 100;
const longestUri = 8192;
const largestPicture = 256 * 2 ** 20;
const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** A page may have a picture written, not just any file. */
function isPng(value: unknown): value is ArrayBuffer {
  if (!(value instanceof ArrayBuffer) || value.byteLength > largestPicture) return false;
  const start = new Uint8Array(value, 0, Math.min(value.byteLength, pngSignature.length));
  return start.length === pngSignature.length && pngSignature.every((byte, i) => start[i] === byte);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

// undefined becomes null on some channels.
function isNothing(params: unknown): params is undefined {
  return params === undefined || params === null;
}

function isWithin(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && value >= low && value <= high;
}

function hasIndices(params: unknown, ...names: string[]): boolean {
  if (!isRecord(params)) return false;
  return names.every(name => Number.isSafeInteger(params[name]) && (params[name] as number) >= 0);
}
