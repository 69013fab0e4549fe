import type { Guards } from '../common/messageHandler';
import type { LensMethods } from '../protocol/messages';

/** Checks of what a webview asks: it shows texts of data sets and is not trusted. Ranges are checked against the analysis. */
export const lensGuards: Guards<LensMethods> = {
  getState: isNothing,
  inspectAnchor: (params): params is LensMethods['inspectAnchor']['params'] => hasIndices(params, 'revision', 'anchor'),
  revealLabel: (params): params is LensMethods['revealLabel']['params'] => hasIndices(params, 'revision', 'label'),
  analyzeAgain: isNothing,
  chooseModel: isNothing,
  cancel: isNothing,
};

// undefined becomes null on some channels.
function isNothing(params: unknown): params is undefined {
  return params === undefined || params === null;
}

function hasIndices(params: unknown, ...names: string[]): boolean {
  if (typeof params !== 'object' || params === null) return false;
  const fields = params as Readonly<Record<string, unknown>>;
  return names.every(name => Number.isSafeInteger(fields[name]) && (fields[name] as number) >= 0);
}
