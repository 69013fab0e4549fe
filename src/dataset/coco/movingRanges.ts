import type { TextChange } from '../edit/textEdit';
import type { ByteRanges } from './cocoLists';

/** Ranges of a text, sorted and apart from each other, that stay right while it is edited. */
export class MovingRanges {
  private readonly start: Float64Array;
  private readonly length: Uint32Array;

  constructor(ranges: ByteRanges) {
    this.start = ranges.start.slice();
    this.length = ranges.length.slice();
  }

  get count(): number {
    return this.start.length;
  }

  /** Start and end of a range; undefined for one that an edit cut into. */
  rangeOf(index: number): { start: number; end: number } | undefined {
    const length = this.length[index] ?? 0;
    return length === 0 ? undefined : { start: this.start[index], end: this.start[index] + length };
  }

  /** Index of the range that holds an offset, its end included. */
  at(offset: number): number | undefined {
    const index = this.lastBefore(offset + 1);
    const range = index < 0 ? undefined : this.rangeOf(index);
    return range !== undefined && offset <= range.end ? index : undefined;
  }

  /** An edit inside a range changes its length; one that reaches its first or last character drops it. */
  apply({ offset, length, text }: TextChange): void {
    const delta = text.length - length;
    const end = offset + length;
    let index = Math.max(0, this.firstFrom(offset) - 1);
    for (; index < this.count && this.start[index] < end; index++) {
      const from = this.start[index];
      const to = from + this.length[index];
      if (to <= offset) continue;
      if (from < offset && end < to) this.length[index] += delta;
      else {
        this.length[index] = 0;
        // Stays sorted: it lies where the edit does.
        this.start[index] = Math.min(from, offset);
      }
    }
    if (delta !== 0) for (; index < this.count; index++) this.start[index] += delta;
  }

  /** Drops all ranges. */
  clear(): void {
    this.length.fill(0);
  }

  /** Index of the last range that begins before `offset` and was not dropped; -1 when there is none. */
  private lastBefore(offset: number): number {
    let index = this.firstFrom(offset) - 1;
    while (index >= 0 && this.length[index] === 0) index--;
    return index;
  }

  /** Index of the first range that begins at `offset` or after it. */
  private firstFrom(offset: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.start[middle] < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
