/**
 * How the gallery reads a store: lists in sections, and any part of a list by its position, so that a scroll bar can
 * go anywhere.
 */
import type { IssueKind } from './analysis';
import type { StoredIssue, StoredLabel, StoredPlace, StoreRequest } from './dataset';

/** Suspicions, labels by their loss, labels that no anchor is matched to, background with much loss. */
export const gallerySources = ['issues', 'labels', 'uncovered', 'places'] as const;
export type GallerySource = (typeof gallerySources)[number];

export const galleryGroupings = ['none', 'kind', 'class'] as const;
/** Only suspicions have kinds. */
export type GalleryGrouping = (typeof galleryGroupings)[number];

export const gallerySorts = ['score', 'loss'] as const;
/** Of suspicions: by their score, or by the loss of the labels they are about. Everything else has one order. */
export type GallerySort = (typeof gallerySorts)[number];

/** What a list is made of. */
export interface GalleryList {
  readonly source: GallerySource;
  /** Suspicions of this kind only. */
  readonly kind?: IssueKind;
  /** Of this class only: that of the label, else the one suggested. */
  readonly category?: string;
  readonly sort: GallerySort;
}

/** Rows of a list that belong together. */
export interface GallerySection {
  readonly kind?: IssueKind;
  readonly category?: string;
  readonly count: number;
}

export type GalleryRow =
  | {
      readonly type: 'issue';
      readonly row: StoredIssue;
      /** Of the label in question; null where none is. */
      readonly loss: number | null;
    }
  | { readonly type: 'label'; readonly row: StoredLabel }
  | { readonly type: 'place'; readonly row: StoredPlace };

/** Ids of suspicions that are left out, and of those that alone are meant. */
interface Chosen {
  readonly without?: readonly number[];
  readonly only?: readonly number[];
}

export interface GalleryStoreMethods {
  /** Sections that are not empty: classes of labels by descending loss, everything else by descending count. */
  gallerySections: {
    params: StoreRequest & Pick<GalleryList, 'source' | 'kind'> & Chosen & { readonly group: GalleryGrouping };
    result: readonly GallerySection[];
  };
  /** At most 1000 rows from a position on. */
  galleryRows: {
    params: StoreRequest & GalleryList & Chosen & { readonly offset: number; readonly limit: number };
    result: readonly GalleryRow[];
  };
}
