/** What tells that somebody no longer waits: VS Code's token. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
}

interface Shared<T> {
  readonly abort: AbortController;
  readonly result: Promise<T>;
  waiting: number;
}

/** Tasks that several may wait for, each done once at a time, and aborted only when nobody waits any more. */
export class SharedTasks<T> {
  private readonly running = new Map<string, Shared<T>>();

  /**
   * Joins the task of a name, or starts it.
   * @param cancelled what is returned at once to one who no longer waits
   */
  async join(
    name: string,
    token: Cancellation | undefined,
    cancelled: T,
    start: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (token?.isCancellationRequested === true) return cancelled;
    const task = this.running.get(name) ?? this.begin(name, start);
    task.waiting++;
    if (token === undefined) return task.result;
    let listener: { dispose(): void } | undefined;
    const leaving = new Promise<T>(resolve => {
      listener = token.onCancellationRequested(() => {
        resolve(cancelled);
        if (--task.waiting > 0) return;
        // Whoever comes now is not to get what has been given up.
        this.forget(name, task);
        task.abort.abort();
      });
    });
    try {
      return await Promise.race([task.result, leaving]);
    } finally {
      listener?.dispose();
    }
  }

  private begin(name: string, start: (signal: AbortSignal) => Promise<T>): Shared<T> {
    const abort = new AbortController();
    const task: Shared<T> = { abort, result: start(abort.signal), waiting: 0 };
    this.running.set(name, task);
    // A failure is told to those who wait.
    const ended = () => this.forget(name, task);
    task.result.then(ended, ended);
    return task;
  }

  private forget(name: string, task: Shared<T>): void {
    if (this.running.get(name) === task) this.running.delete(name);
  }
}
