import { CancelledError } from '../../common/errors';

/** Pictures that are being looked at, loaded in the order of their importance; the rest is given up or forgotten. */

export interface CropQueueOptions<T> {
  readonly load: (key: string, signal: AbortSignal) => Promise<T>;
  readonly sizeOf: (picture: T) => number;
  readonly onChange: () => void;
  /** Loaded together at most. */
  readonly atOnce: number;
  /** Bound on what is kept; what is wanted is kept in any case. */
  readonly maxSize: number;
}

export class CropQueue<T> {
  /** The least recently wanted first; null for what could not be loaded. */
  private readonly kept = new Map<string, T | null>();
  private readonly loading = new Map<string, AbortController>();
  /** What the host has cancelled: asked for again when it is wanted again. */
  private readonly overtaken = new Set<string>();
  private wanted: readonly string[] = [];
  private size = 0;

  constructor(private readonly options: CropQueueOptions<T>) {}

  /** Undefined while it is not there, null where it cannot be loaded. */
  get(key: string): T | null | undefined {
    return this.kept.get(key);
  }

  /** @param keys all that is in view, the most important first */
  want(keys: readonly string[]): void {
    this.wanted = keys;
    this.overtaken.clear();
    const set = new Set(keys);
    for (const [key, abort] of this.loading) {
      if (set.has(key)) continue;
      abort.abort();
      this.loading.delete(key);
    }
    for (const key of [...keys].reverse()) {
      const picture = this.kept.get(key);
      if (picture === undefined) continue;
      this.kept.delete(key);
      this.kept.set(key, picture);
    }
    this.fill();
  }

  clear(): void {
    for (const abort of this.loading.values()) abort.abort();
    this.loading.clear();
    this.kept.clear();
    this.overtaken.clear();
    this.wanted = [];
    this.size = 0;
  }

  private fill(): void {
    for (const key of this.wanted) {
      if (this.loading.size >= this.options.atOnce) return;
      if (this.kept.has(key) || this.loading.has(key) || this.overtaken.has(key)) continue;
      const abort = new AbortController();
      this.loading.set(key, abort);
      void this.fetch(key, abort);
    }
  }

  private async fetch(key: string, abort: AbortController): Promise<void> {
    const picture = await this.options
      .load(key, abort.signal)
      .catch((error: unknown) => (error instanceof CancelledError ? undefined : null));
    if (abort.signal.aborted) return;
    this.loading.delete(key);
    if (picture === undefined) {
      this.overtaken.add(key);
    } else {
      this.kept.set(key, picture);
      this.size += this.sizeOf(picture);
      this.trim();
      this.options.onChange();
    }
    this.fill();
  }

  private trim(): void {
    const wanted = new Set(this.wanted);
    for (const [key, picture] of this.kept) {
      if (this.size <= this.options.maxSize) break;
      if (wanted.has(key)) continue;
      this.kept.delete(key);
      this.size -= this.sizeOf(picture);
    }
  }

  private sizeOf(picture: T | null): number {
    return picture === null ? 0 : this.options.sizeOf(picture);
  }
}
