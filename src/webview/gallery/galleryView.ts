import { issueKinds, type IssueKind } from '../../protocol/analysis';
import { galleryLists, type GalleryListName } from '../../protocol/gallery';
import { galleryGroupings, gallerySorts, type GalleryGrouping, type GallerySort } from '../../protocol/galleryStore';

export const tileSizes = ['small', 'medium', 'large'] as const;
export type TileSize = (typeof tileSizes)[number];

/** How the gallery is looked at: kept by VS Code while the tab is hidden or the window closed. */
export interface GalleryView {
  readonly source: GalleryListName;
  /** Suspicions of one kind only. */
  readonly kind: IssueKind | 'all';
  readonly group: GalleryGrouping;
  readonly sort: GallerySort;
  readonly size: TileSize;
  readonly heat: boolean;
  readonly boxes: boolean;
  /** Index of the focused tile. */
  readonly focus: number;
}

export const firstView: GalleryView = {
  source: 'issues',
  kind: 'all',
  group: 'none',
  sort: 'score',
  size: 'medium',
  heat: false,
  boxes: true,
  focus: 0,
};

/** The parts of a kept view that are of use; the others are as at first. */
export function parseView(kept: unknown): GalleryView {
  const given: Partial<Record<keyof GalleryView, unknown>> = typeof kept === 'object' && kept !== null ? kept : {};
  const oneOf = <T extends string>(value: unknown, values: readonly T[], otherwise: T): T =>
    values.find(candidate => candidate === value) ?? otherwise;
  const flag = (value: unknown, otherwise: boolean) => (typeof value === 'boolean' ? value : otherwise);
  const { focus } = given;
  return {
    source: oneOf(given.source, galleryLists, firstView.source),
    kind: oneOf(given.kind, [...issueKinds, 'all'] as const, firstView.kind),
    group: oneOf(given.group, galleryGroupings, firstView.group),
    sort: oneOf(given.sort, gallerySorts, firstView.sort),
    size: oneOf(given.size, tileSizes, firstView.size),
    heat: flag(given.heat, firstView.heat),
    boxes: flag(given.boxes, firstView.boxes),
    focus: typeof focus === 'number' && Number.isSafeInteger(focus) && focus >= 0 ? focus : 0,
  };
}

/** The kind of suspicion that alone is shown, where it can be chosen and is. */
export function kindShown({ source, kind }: GalleryView): IssueKind | undefined {
  return source === 'issues' && kind !== 'all' ? kind : undefined;
}

export function isAboutIssues({ source }: Pick<GalleryView, 'source'>): boolean {
  return source === 'issues' || source === 'confirmed';
}

/** What is asked of the host: kinds are those of suspicions only. */
export function groupingOf(view: GalleryView): GalleryGrouping {
  const { group } = view;
  return group === 'kind' && (!isAboutIssues(view) || kindShown(view) !== undefined) ? 'none' : group;
}

export function resized(size: TileSize, step: 1 | -1): TileSize {
  const index = tileSizes.indexOf(size) + step;
  return tileSizes[Math.min(tileSizes.length - 1, Math.max(0, index))] ?? size;
}
