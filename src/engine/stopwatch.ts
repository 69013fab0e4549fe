import type { Timings } from '../protocol/analysis';

type Part = Exclude<keyof Timings, 'total'>;

/** Wall-clock milliseconds of an analysis, from its construction on, each lap credited to a part of the work. */
export class Stopwatch {
  private readonly start = performance.now();
  private last = this.start;
  private readonly parts: Record<Part, number> = { decode: 0, prepare: 0, forward: 0, analyse: 0 };

  /** Credits the time since the lap before to `part`. */
  lap(part: Part): void {
    const now = performance.now();
    this.parts[part] += now - this.last;
    this.last = now;
  }

  timings(): Timings {
    return { ...this.parts, total: this.last - this.start };
  }
}
