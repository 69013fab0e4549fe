/** A run that nobody asked for: it gives way to one that the user wants, and is made up for afterwards. */
export type QuietRun = (signal: AbortSignal) => Promise<void>;

/** One run over the data set at a time. */
export class RunQueue {
  /** The run that the user asked for, waiting or under way. */
  private asked: Promise<void> | undefined;
  private quiet: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  /** To be done once nothing else is; a later one takes the place of an earlier one. */
  private waiting: QuietRun | undefined;
  private disposed = false;

  /** @param onChange whether a run is under way has changed */
  constructor(private readonly onChange: () => void) {}

  get isRunning(): boolean {
    return this.asked !== undefined || this.quiet !== undefined;
  }

  /**
   * Starts a run that the user asked for, after a quiet one that is under way has been stopped.
   * @returns false where one that the user asked for is under way already
   */
  async ask(run: () => Promise<void>): Promise<boolean> {
    if (this.asked !== undefined) return false;
    const { quiet } = this;
    quiet?.abort.abort();
    this.asked = (async () => {
      await quiet?.ended;
      await run();
    })();
    this.changed();
    try {
      await this.asked;
    } finally {
      this.asked = undefined;
      this.changed();
      this.goOn();
    }
    return true;
  }

  /** Has a run made when no other is under way. It must not throw, and must be fit to be made anew. */
  add(run: QuietRun): void {
    this.waiting = run;
    this.goOn();
  }

  dispose(): void {
    this.disposed = true;
    this.quiet?.abort.abort();
  }

  private changed(): void {
    if (!this.disposed) this.onChange();
  }

  private goOn(): void {
    const run = this.waiting;
    if (run === undefined || this.isRunning || this.disposed) return;
    this.waiting = undefined;
    const abort = new AbortController();
    const ended = run(abort.signal).finally(() => {
      this.quiet = undefined;
      // What was stopped for the user's sake is made up for.
      if (abort.signal.aborted) this.waiting ??= run;
      this.changed();
      this.goOn();
    });
    this.quiet = { abort, ended };
    this.changed();
  }
}
