/** Lets others have the event loop when some milliseconds of work are done. */
export class Breather {
  private start = performance.now();

  constructor(private readonly milliseconds = 8) {}

  /** Undefined while there is time left: `await` it only where it is not. */
  pause(): Promise<void> | undefined {
    if (performance.now() - this.start < this.milliseconds) return undefined;
    return new Promise(resolve =>
      setImmediate(() => {
        this.start = performance.now();
        resolve();
      }),
    );
  }
}
