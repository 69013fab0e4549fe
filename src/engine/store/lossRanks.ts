import type { Database } from 'node-sqlite3-wasm';
import type { LossStanding } from '../../protocol/labelFactsStore';
import type { Row } from './storedRows';

/** Focal losses of all labels of a store that take part in the loss, for ranks and medians among them. */
export class LossRanks {
  private constructor(
    /** Ascending. */
    private readonly losses: Float64Array,
    /** By category id: ascending. */
    private readonly categories: ReadonlyMap<number, Float64Array>,
    private readonly images: number,
  ) {}

  /** Reads one number of every label: about a second per million. */
  static read(database: Database): LossRanks {
    const byCategory = new Map<number, number[]>();
    const statement = database.prepare('SELECT category, classification FROM labels WHERE excluded IS NULL');
    let count = 0;
    try {
      for (const row of statement.iterate() as Iterable<Row>) {
        const losses = byCategory.get(Number(row.category)) ?? [];
        if (losses.push(Number(row.classification)) === 1) byCategory.set(Number(row.category), losses);
        count++;
      }
    } finally {
      statement.finalize();
    }
    const all = new Float64Array(count);
    const categories = new Map<number, Float64Array>();
    let offset = 0;
    for (const [category, losses] of byCategory) {
      all.set(losses, offset);
      offset += losses.length;
      categories.set(category, Float64Array.from(losses).sort());
    }
    const images = Number(database.get('SELECT images FROM image_totals')?.images ?? 0);
    return new LossRanks(all.sort(), categories, images);
  }

  /** @param label a row of `labels` */
  standingOf({ category, classification }: Row): LossStanding {
    const own = this.categories.get(Number(category)) ?? new Float64Array(0);
    return {
      rank: 1 + this.losses.length - upperBound(this.losses, Number(classification)),
      of: this.losses.length,
      images: this.images,
      classMedian: median(own),
      classLabels: own.length,
    };
  }
}

/** The ranks of the store last asked about, as long as it says the same. */
export class RanksMemory {
  private known: { readonly key: string; readonly ranks: LossRanks } | undefined;

  /** @param root of the store's data set */
  of(database: Database, root: string): LossRanks {
    const sums = database.get(
      'SELECT (SELECT max(id) FROM runs) AS run, images, labels, classification, box_regression FROM image_totals',
    );
    const key = JSON.stringify([root, ...Object.values(sums ?? {}).map(String)]);
    if (this.known?.key !== key) this.known = { key, ranks: LossRanks.read(database) };
    return this.known.ranks;
  }
}

/** How many are not larger than `value`. */
function upperBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** 0 when empty */
function median(sorted: Float64Array): number {
  if (sorted.length === 0) return 0;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
