/** What the gallery's page asks of its host, and is told by it. */
import type { IssueKind } from './analysis';
import type { LabelStanding, StoredIssue } from './dataset';
import type { GalleryGrouping, GalleryList, GalleryRow, GallerySection } from './galleryStore';
import type { PlacedCrop } from './messages';

/** What people have made of a suspicion. What is open or confirmed is to be decided on or fixed, the rest is settled. */
export type TriageState =
  | { readonly state: 'open' }
  /** A label error indeed, to be corrected by whoever edits the labels; the reason may be empty. */
  | { readonly state: 'confirmed'; readonly reason: string }
  | { readonly state: 'dismissed'; readonly reason: string }
  | { readonly state: 'fixed' };

/** What needs no looking at any more. */
export type SettledState = Extract<TriageState, { state: 'dismissed' | 'fixed' }>;

/** What was confirmed is an error until it has been fixed. */
export function isSettled(triage: TriageState): triage is SettledState {
  return triage.state === 'dismissed' || triage.state === 'fixed';
}

/** What can be shown: parts of the store, and the suspicions that people have confirmed. */
export const galleryLists = ['issues', 'confirmed', 'labels', 'uncovered', 'places'] as const;
export type GalleryListName = (typeof galleryLists)[number];

/** One tile. */
export interface GalleryItem {
  /** Names it in requests. */
  readonly key: string;
  readonly content: GalleryRow;
  /** Of suspicions; what is none is open. */
  readonly triage: TriageState;
}

/** What there is to show. */
export type GalleryState =
  | { readonly kind: 'loading' }
  /** No data set has been analyzed; `dataset` is the name of the one that is chosen. */
  | { readonly kind: 'empty'; readonly dataset: string | undefined; readonly trusted: boolean }
  | {
      readonly kind: 'ready';
      readonly dataset: string;
      readonly images: number;
      /** All of each source; of suspicions those that are open. */
      readonly counts: Readonly<Record<GalleryListName, number>>;
      /** Of open suspicions. */
      readonly kinds: readonly { readonly kind: IssueKind; readonly count: number }[];
      /** Whether files may be changed and images analyzed. */
      readonly trusted: boolean;
    }
  | { readonly kind: 'failed'; readonly message: string };

export interface GallerySnapshot {
  /** Another one for another analysis: keys and positions of a former one mean nothing. */
  readonly revision: number;
  readonly state: GalleryState;
}

/** What the strip shows of the focused tile. */
export interface GalleryDetails {
  /** The suspicion that fixing and dismissing are about: the tile's own, else the strongest about its label. */
  readonly issue: StoredIssue | null;
  readonly triage: TriageState;
  /** What could be done about it, the likeliest first. */
  readonly fixes: readonly string[];
  /** Of the label in question among all labels. */
  readonly standing: Omit<LabelStanding, 'issues'> | null;
  /** Whether the label is written in a file. */
  readonly hasSource: boolean;
}

interface OfRevision {
  readonly revision: number;
}

interface OfItem extends OfRevision {
  readonly key: string;
}

interface OfList extends OfRevision {
  readonly source: GalleryListName;
}

export interface GalleryMethods {
  getState: { params: undefined; result: GallerySnapshot };
  sections: {
    params: OfList & Pick<GalleryList, 'kind'> & { readonly group: GalleryGrouping };
    result: readonly GallerySection[];
  };
  rows: {
    params: OfList & Omit<GalleryList, 'source'> & { readonly offset: number; readonly limit: number };
    result: readonly GalleryItem[];
  };
  /** In the order of the keys; what is not known any more is open. */
  triageStates: { params: OfRevision & { readonly keys: readonly string[] }; result: readonly TriageState[] };
  /** The item's place with what surrounds it, at most `size` pixels wide and high. */
  crop: { params: OfItem & { readonly size: number; readonly heat: boolean }; result: PlacedCrop };
  details: { params: OfItem; result: GalleryDetails };
  /** Makes the fix with this index in the label file; false where nothing was changed. */
  applyFix: { params: OfItem & { readonly fix: number }; result: boolean };
  /** Says that it is a label error, to be corrected by whoever edits the labels. */
  confirm: { params: OfItem; result: boolean };
  /** Asks for the reason; false where none was given. */
  dismiss: { params: OfItem; result: boolean };
  /** Says that the label has been corrected, or will be. */
  markFixed: { params: OfItem; result: boolean };
  /** Takes back what was made of the item's suspicion, a fix that was made here included. */
  restore: { params: OfItem; result: boolean };
  /** Takes back what was done last here, to whichever item; false where there is nothing left. */
  undo: { params: undefined; result: boolean };
  openInLens: { params: OfItem; result: null };
  goToLabel: { params: OfItem; result: null };
  analyzeDataset: { params: undefined; result: null };
  chooseDataset: { params: undefined; result: null };
  openSample: { params: undefined; result: null };
}

export interface GalleryEvents {
  /** There is another analysis to show. */
  stateChanged: { revision: number };
  /** Suspicions were confirmed, dismissed, fixed or restored. */
  triageChanged: { revision: number };
}

/** What the gallery's host offers its page. */
export interface GallerySide {
  methods: GalleryMethods;
  events: GalleryEvents;
}
