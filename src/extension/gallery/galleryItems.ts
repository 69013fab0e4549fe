import type { XywhBox } from '../../common/boxes';
import type { GalleryItem } from '../../protocol/gallery';
import type { GalleryRow } from '../../protocol/galleryStore';
import type { IssueTriage } from '../labelFiles/issueTriage';

/** Items that a page has been given and may ask about; it keeps fewer. */
const remembered = 20_000;

/** What the gallery's page has been given. The oldest are forgotten. */
export class GalleryItems {
  private readonly rows = new Map<string, GalleryRow>();

  constructor(private readonly triage: Pick<IssueTriage, 'stateOf'>) {}

  /** Takes rows and makes items of them. */
  add(rows: readonly GalleryRow[]): GalleryItem[] {
    return rows.map(row => {
      const key = `${row.type} ${row.row.id}`;
      this.rows.delete(key);
      this.rows.set(key, row);
      for (const oldest of this.rows.keys()) {
        if (this.rows.size <= remembered) break;
        this.rows.delete(oldest);
      }
      return { key, content: row, triage: this.triageOf(row) };
    });
  }

  get size(): number {
    return this.rows.size;
  }

  get(key: string): GalleryRow | undefined {
    return this.rows.get(key);
  }

  triageOf(row: GalleryRow | undefined): GalleryItem['triage'] {
    return row?.type === 'issue' ? this.triage.stateOf(row.row) : { state: 'open' };
  }

  clear(): void {
    this.rows.clear();
  }
}

/** What a crop of a row has to show: its box, and the one that is suggested. */
export function shownBox({ row, type }: GalleryRow): XywhBox {
  const suggested = type === 'issue' ? row.suggestedBbox : null;
  return suggested === null ? row.bbox : around(row.bbox, suggested);
}

/** The smallest box around two; sides may be negative as they are written. */
function around(a: XywhBox, b: XywhBox): XywhBox {
  const span = (at: 0 | 1, length: 2 | 3): [number, number] => {
    const ends = [a, b].flatMap(box => [box[at], box[at] + box[length]]);
    const low = Math.min(...ends);
    return [low, Math.max(...ends) - low];
  };
  const [x, width] = span(0, 2);
  const [y, height] = span(1, 3);
  return [x, y, width, height];
}
