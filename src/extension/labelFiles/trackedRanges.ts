import type { TextChange } from '../../dataset/edit/textEdit';

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Ranges of a text that is being edited. Text before a range moves it, text inside makes it longer or shorter. A range
 * whose text was changed takes in what comes in at its borders too, until it is set anew: what was cut away comes back
 * there when it is undone. A change costs one pass over columns.
 */
export class TrackedRanges {
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;
  /** 1 for ranges whose text was changed. */
  private readonly frayed: Uint8Array;

  /** @param ranges UTF-16 offsets */
  constructor(ranges: readonly TextRange[]) {
    this.starts = Float64Array.from(ranges, ({ start }) => start);
    this.ends = Float64Array.from(ranges, ({ end }) => end);
    this.frayed = new Uint8Array(ranges.length);
  }

  get size(): number {
    return this.starts.length;
  }

  rangeAt(index: number): TextRange {
    return { start: this.starts[index], end: this.ends[index] };
  }

  /** Has a range take in what comes in at its borders, as one does whose text was changed. */
  fray(index: number): void {
    this.frayed[index] = 1;
  }

  /** Says where a range's text is. */
  set(index: number, { start, end }: TextRange): void {
    this.frayed[index] = 0;
    this.starts[index] = start;
    this.ends[index] = end;
  }

  /**
   * Follows changes that were made together, given by their places in the text before all of them.
   * @returns the indices of ranges whose own text may have changed
   */
  apply(changes: readonly TextChange[]): Set<number> {
    const touched = new Set<number>();
    // The last one first: it moves nothing that another one speaks of.
    for (const { offset, length, text } of [...changes].sort((a, b) => b.offset - a.offset)) {
      const { starts, ends, frayed } = this;
      const until = offset + length;
      const delta = text.length - length;
      for (let i = 0; i < starts.length; i++) {
        const isFrayed = frayed[i] === 1;
        if (until < starts[i] || (until === starts[i] && !isFrayed)) {
          starts[i] += delta;
          ends[i] += delta;
        } else if (offset < ends[i] || (offset === ends[i] && isFrayed)) {
          starts[i] = Math.min(starts[i], offset);
          ends[i] = Math.max(ends[i] + delta, offset + text.length);
          frayed[i] = 1;
          touched.add(i);
        }
      }
    }
    return touched;
  }

  /** Indices of the ranges that overlap a part of the text, or touch it. */
  within({ start, end }: TextRange): number[] {
    const found: number[] = [];
    for (let i = 0; i < this.starts.length; i++) {
      if (this.starts[i] <= end && this.ends[i] >= start) found.push(i);
    }
    return found;
  }

  /** Index of the shortest range that holds an offset, its end included; -1 for none. */
  at(offset: number): number {
    let best = -1;
    for (let i = 0; i < this.starts.length; i++) {
      if (this.starts[i] > offset || this.ends[i] < offset || this.starts[i] === this.ends[i]) continue;
      if (best < 0 || this.ends[i] - this.starts[i] < this.ends[best] - this.starts[best]) best = i;
    }
    return best;
  }
}
