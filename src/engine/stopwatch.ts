import type { Timings } from '../protocol/analysis';

type Part = Exclude<keyof Timings, 'total'>;

/** Wall-clock milliseconds of an analysis, from its construction on, each lap credited to a part of the work. */
export class Stopwatch {
  private last = performance.now();
  private readonly parts: Record<Part, number> = { decode: 0, prepare: 0, forward: 0, analyse: 0 };

  /** Credits the time since the lap before to `part`. */
  lap(part: Part): void {
    const now = performance.now();
    this.parts[part] += now - this.last;
    this.last = now;
  }

  /** Leaves the time since the lap before out of account. */
  restart(): void {
    this.last = performance.now();
  }

  timings(): Timings {
    const { decode, prepare, forward, analyse } = this.parts;
    return { decode, prepare, forward, analyse, total: decode + prepare + forward + analyse };
  }
}
