/** How often a process may crash before it is left alone for a while. */
export interface CrashPolicy {
  /** Crashes within `window` that are forgiven. */
  readonly forgiven: number;
  /** Milliseconds after which a crash is forgotten. */
  readonly window: number;
  /** Milliseconds of the first pause; each further crash within the window doubles it up to `longestPause`. */
  readonly firstPause: number;
  readonly longestPause: number;
}

export const defaultCrashPolicy: CrashPolicy = {
  forgiven: 2,
  window: 120_000,
  firstPause: 5_000,
  longestPause: 60_000,
};

/** Decides when a process that keeps crashing may start again. Times are milliseconds of any one clock. */
export class CrashBackoff {
  private crashes: number[] = [];

  constructor(private readonly policy: CrashPolicy = defaultCrashPolicy) {}

  /** Crashes that still count at `now`. */
  recent(now: number): number {
    this.crashes = this.crashes.filter(time => now - time < this.policy.window);
    return this.crashes.length;
  }

  recordCrash(now: number): void {
    this.recent(now);
    this.crashes.push(now);
  }

  /** Milliseconds from `now` until the process may start; 0 when it may start at once. */
  pause(now: number): number {
    const excess = this.recent(now) - this.policy.forgiven;
    const last = this.crashes.at(-1);
    if (excess <= 0 || last === undefined) return 0;
    const pause = Math.min(this.policy.firstPause * 2 ** (excess - 1), this.policy.longestPause);
    return Math.max(0, last + pause - now);
  }
}
