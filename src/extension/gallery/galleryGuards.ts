import type { Guards } from '../../common/messageHandler';
import { issueKinds } from '../../protocol/analysis';
import { galleryLists, type GalleryMethods } from '../../protocol/gallery';
import { galleryGroupings, gallerySorts } from '../../protocol/galleryStore';

const mostKeys = 20_000;
const longestText = 10_000;

type Params<K extends keyof GalleryMethods> = GalleryMethods[K]['params'];

/** Checks of what the gallery's page asks: it shows texts of data sets and is not trusted. */
export const galleryGuards: Guards<GalleryMethods> = {
  getState: isNothing,
  sections: (params): params is Params<'sections'> =>
    hasRevision(params) &&
    isOneOf(params.source, galleryLists) &&
    isOneOf(params.group, galleryGroupings) &&
    hasKind(params),
  rows: (params): params is Params<'rows'> =>
    hasRevision(params) &&
    isOneOf(params.source, galleryLists) &&
    isOneOf(params.sort, gallerySorts) &&
    hasKind(params) &&
    (params.category === undefined || isText(params.category)) &&
    isIndex(params.offset) &&
    isIndex(params.limit),
  triageStates: (params): params is Params<'triageStates'> =>
    hasRevision(params) && Array.isArray(params.keys) && params.keys.length <= mostKeys && params.keys.every(isText),
  crop: (params): params is Params<'crop'> =>
    isItem(params) &&
    isIndex(params.size) &&
    params.size >= 16 &&
    params.size <= 1200 &&
    typeof params.heat === 'boolean',
  details: isItem,
  applyFix: (params): params is Params<'applyFix'> => isItem(params) && isIndex((params as { fix?: unknown }).fix),
  confirm: isItem,
  dismiss: isItem,
  markFixed: isItem,
  restore: isItem,
  undo: isNothing,
  openInLens: isItem,
  goToLabel: isItem,
  analyzeDataset: isNothing,
  chooseDataset: isNothing,
  openSample: isNothing,
};

// undefined becomes null on some channels.
function isNothing(params: unknown): params is undefined {
  return params === undefined || params === null;
}

function isItem(params: unknown): params is { revision: number; key: string } & Record<string, unknown> {
  return hasRevision(params) && isText(params.key);
}

function hasRevision(params: unknown): params is { revision: number } & Record<string, unknown> {
  return typeof params === 'object' && params !== null && 'revision' in params && isIndex(params.revision);
}

function hasKind(params: Record<string, unknown>): boolean {
  return params.kind === undefined || isOneOf(params.kind, issueKinds);
}

function isOneOf(value: unknown, values: readonly string[]): boolean {
  return typeof value === 'string' && values.includes(value);
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestText;
}
