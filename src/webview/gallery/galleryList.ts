import { CancelledError } from '../../common/errors';
import type { GalleryItem, TriageState } from '../../protocol/gallery';
import type { GallerySection } from '../../protocol/galleryStore';
import type { GalleryTransport } from './galleryTransport';
import { groupingOf, kindShown, type GalleryView } from './galleryView';
import type { GridRow } from './gridLayout';
import { RowPages } from './rowPages';

/** Tiles around a former place among which the focused one is looked for after a list has been read again. */
const searched = 100;

/** One list of the analysis: its sections, and the items that are loaded. */
export class GalleryList {
  private readonly pages: RowPages<GalleryItem>;

  private constructor(
    readonly sections: readonly GallerySection[],
    private readonly transport: GalleryTransport,
    readonly revision: number,
    private readonly view: GalleryView,
    private readonly onChange: () => void,
    onError: (error: unknown) => void,
  ) {
    const { source, sort } = view;
    this.pages = new RowPages(
      sections.map(({ count }) => count),
      (index, offset, limit, signal) => {
        const { kind: own, category } = sections[index] ?? {};
        const ofKind = own ?? kindShown(view);
        const list = {
          source,
          sort,
          ...(ofKind === undefined ? {} : { kind: ofKind }),
          ...(category === undefined ? {} : { category }),
        };
        return transport.request('rows', { revision, ...list, offset, limit }, { signal });
      },
      onChange,
      onError,
    );
  }

  /** @throws what the host says, CancelledError for a former revision */
  static async read(
    transport: GalleryTransport,
    revision: number,
    view: GalleryView,
    onChange: () => void,
    onError: (error: unknown) => void,
  ): Promise<GalleryList> {
    const kind = kindShown(view);
    const list = { revision, source: view.source, group: groupingOf(view), ...(kind === undefined ? {} : { kind }) };
    const sections = await transport.request('sections', list);
    return new GalleryList(sections, transport, revision, view, onChange, onError);
  }

  get(index: number): GalleryItem | undefined {
    return this.pages.get(index);
  }

  /** Loads what rows need; returns the keys of what is there of them. */
  wantRows(rows: readonly GridRow[]): string[] {
    const tiles = rows.filter(row => row.type === 'tiles');
    const [first, last] = [tiles[0], tiles.at(-1)];
    if (first !== undefined && last !== undefined) this.pages.want(first.first, last.first + last.count);
    return tiles.flatMap(row => Array.from({ length: row.count }, (_, i) => this.get(row.first + i)?.key ?? [])).flat();
  }

  /** Asks anew what has been made of the suspicions that are loaded. */
  async refreshTriage(): Promise<void> {
    const keys = [...this.pages.items()].map(([, { key }]) => key);
    if (keys.length === 0) return;
    const { revision } = this;
    const states = await this.transport.request('triageStates', { revision, keys }).catch((error: unknown) => {
      if (error instanceof CancelledError) return undefined;
      throw error;
    });
    if (states === undefined) return;
    const byKey = new Map(keys.map((key, i) => [key, states[i]]));
    this.pages.map(item => ({ ...item, triage: byKey.get(item.key) ?? item.triage }));
    this.onChange();
  }

  /**
   * The next tile from `index` on that waits to be decided on, among confirmed ones to be fixed, as far as tiles are
   * loaded; the neighbour where nothing more is known.
   */
  nextOpen(index: number, direction: 1 | -1, count: number): number {
    for (let i = index + direction; i >= 0 && i < count; i += direction) {
      const item = this.get(i);
      if (item === undefined || this.isWaiting(item.triage)) return i;
    }
    return index;
  }

  private isWaiting({ state }: TriageState): boolean {
    return state === 'open' || (state === 'confirmed' && this.view.source === 'confirmed');
  }

  /** Where the same thing is now, if it is loaded near `index`. */
  find(identity: string, index: number): number | undefined {
    for (let distance = 0; distance <= searched; distance++) {
      for (const i of [index - distance, index + distance]) {
        const item = this.get(i);
        if (item !== undefined && identityOf(item) === identity) return i;
      }
    }
    return undefined;
  }

  dispose(): void {
    this.pages.dispose();
  }
}

/** The same for the same thing in another revision, where ids are others. */
export function identityOf({ content: { type, row } }: GalleryItem): string {
  return JSON.stringify([type, row.image, type === 'issue' ? [row.kind, row.label] : null, row.bbox]);
}
