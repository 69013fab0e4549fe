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

/** While a run goes on, ranks are read again after this many milliseconds, and after many times what that took. */
const soonest = 5_000;
const timesTaken = 20;

/** The ranks of the store last asked about, as long as it says the same; during a run about the same. */
export class RanksMemory {
  private known:
    { readonly run: string; readonly sums: string; readonly ranks: LossRanks; readonly until: number } | undefined;

  /** @param now milliseconds */
  constructor(private readonly now: () => number = () => Date.now()) {}

  /** @param root of the store's data set */
  of(database: Database, root: string): LossRanks {
    const latest = database.get('SELECT id, state FROM runs ORDER BY id DESC LIMIT 1');
    const totals = database.get('SELECT images, labels, classification, box_regression FROM image_totals');
    const [run, sums] = [[root, latest?.id, latest?.state], Object.values(totals ?? {})].map(values =>
      values.map(String).join('\n'),
    );
    const { known } = this;
    const start = this.now();
    if (known?.run === run && (known.sums === sums || start < known.until)) return known.ranks;
    const ranks = LossRanks.read(database);
    const end = this.now();
    const isRunning = latest?.state === 'running';
    const until = isRunning ? end + Math.max(soonest, timesTaken * (end - start)) : end;
    this.known = { run, sums, ranks, until };
    return ranks;
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
