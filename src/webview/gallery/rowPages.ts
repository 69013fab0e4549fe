import { CancelledError } from '../../common/errors';

/** Rows that are asked for together. */
export const pageSize = 100;
const atOnce = 2;
/** Some thousand rows: far more than are in view. */
const mostPages = 40;

/** Loads rows of a section from a position on. */
export type LoadRows<T> = (
  section: number,
  offset: number,
  limit: number,
  signal: AbortSignal,
) => Promise<readonly T[]>;

interface PageRef {
  readonly section: number;
  readonly offset: number;
  readonly limit: number;
}

/**
 * The rows of a long list in sections, loaded page by page where they are looked at. Pages that are not looked at any
 * more are given up while they load, and forgotten later.
 */
export class RowPages<T> {
  private readonly pages = new Map<string, readonly T[]>();
  private readonly loading = new Map<string, AbortController>();
  private readonly failed = new Set<string>();
  private wanted: readonly PageRef[] = [];
  private firsts: readonly number[] = [];

  /** @param counts rows in each section */
  constructor(
    private readonly counts: readonly number[],
    private readonly load: LoadRows<T>,
    private readonly onChange: () => void,
    private readonly onError: (error: unknown) => void,
  ) {
    let sum = 0;
    this.firsts = counts.map(count => (sum += count) - count);
  }

  get(index: number): T | undefined {
    const section = this.sectionOf(index);
    if (section < 0) return undefined;
    const at = index - this.firsts[section];
    return this.pages.get(keyOf(section, at - (at % pageSize)))?.[at % pageSize];
  }

  /** Loads what is missing of a range, those pages first that hold its beginning. */
  want(first: number, last: number): void {
    const wanted: PageRef[] = [];
    this.counts.forEach((count, section) => {
      const from = Math.max(0, first - this.firsts[section]);
      const to = Math.min(count, last - this.firsts[section]);
      for (let offset = from - (from % pageSize); offset < to; offset += pageSize) {
        wanted.push({ section, offset, limit: Math.min(pageSize, count - offset) });
      }
    });
    this.wanted = wanted;
    const keys = new Set(wanted.map(({ section, offset }) => keyOf(section, offset)));
    for (const [key, abort] of this.loading) {
      if (keys.has(key)) continue;
      abort.abort();
      this.loading.delete(key);
    }
    // Last looked at comes last: the first ones are forgotten first.
    for (const key of keys) {
      const page = this.pages.get(key);
      if (page === undefined || !this.pages.delete(key)) continue;
      this.pages.set(key, page);
    }
    this.fill();
  }

  /** All that is loaded. */
  *items(): Iterable<readonly [index: number, item: T]> {
    for (const [key, page] of this.pages) {
      const [section, offset] = key.split(' ').map(Number);
      for (let i = 0; i < page.length; i++) yield [this.firsts[section] + offset + i, page[i]];
    }
  }

  /** Puts other items in the places of those that are loaded. */
  map(change: (item: T) => T): void {
    for (const [key, page] of this.pages) this.pages.set(key, page.map(change));
  }

  dispose(): void {
    for (const abort of this.loading.values()) abort.abort();
    this.loading.clear();
    this.wanted = [];
  }

  private sectionOf(index: number): number {
    return this.firsts.findLastIndex((first, section) => first <= index && this.counts[section] > 0);
  }

  private fill(): void {
    for (const { section, offset, limit } of this.wanted) {
      if (this.loading.size >= atOnce) return;
      const key = keyOf(section, offset);
      if (this.pages.has(key) || this.loading.has(key) || this.failed.has(key)) continue;
      const abort = new AbortController();
      this.loading.set(key, abort);
      void this.fetch(key, { section, offset, limit }, abort);
    }
  }

  private async fetch(key: string, { section, offset, limit }: PageRef, abort: AbortController): Promise<void> {
    try {
      const rows = await this.load(section, offset, limit, abort.signal);
      if (abort.signal.aborted) return;
      this.pages.set(key, rows);
      for (const oldest of this.pages.keys()) {
        if (this.pages.size <= mostPages) break;
        this.pages.delete(oldest);
      }
      this.onChange();
    } catch (error) {
      if (abort.signal.aborted) return;
      // Not asked for again and again.
      this.failed.add(key);
      if (!(error instanceof CancelledError)) this.onError(error);
    } finally {
      if (this.loading.get(key) === abort) this.loading.delete(key);
      if (!abort.signal.aborted) this.fill();
    }
  }
}

function keyOf(section: number, offset: number): string {
  return `${section} ${offset}`;
}
