import type { TextChange } from '../../dataset/edit/textEdit';

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Ranges of a text that is being edited. Text before a range moves it, text inside makes it longer or shorter, and a
 * range that was cut away waits where it stood, so that undoing brings it back. A change costs one pass over columns.
 */
export class TrackedRanges {
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;

  /** @param ranges UTF-16 offsets */
  constructor(ranges: readonly TextRange[]) {
    this.starts = Float64Array.from(ranges, ({ start }) => start);
    this.ends = Float64Array.from(ranges, ({ end }) => end);
  }

  get size(): number {
    return this.starts.length;
  }

  rangeAt(index: number): TextRange {
    return { start: this.starts[index], end: this.ends[index] };
  }

  set(index: number, { start, end }: TextRange): void {
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
      const { starts, ends } = this;
      const until = offset + length;
      const delta = text.length - length;
      for (let i = 0; i < starts.length; i++) {
        const [start, end] = [starts[i], ends[i]];
        const isEmpty = start === end;
        if (until < start || (until === start && !isEmpty)) {
          starts[i] += delta;
          ends[i] += delta;
        } else if (offset < end || (isEmpty && offset === start)) {
          starts[i] = Math.min(start, offset);
          ends[i] = Math.max(end + delta, offset + text.length);
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
