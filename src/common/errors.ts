/**
 * An error the user can act on: what is wrong, where, and what to do. Its message is one line:
 * `where: what; remedy`. Everything else that is thrown is a defect of ours.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly what: string;
  readonly where: string | undefined;
  readonly remedy: string | undefined;

  /**
   * @param what what was found and what was expected, without a final full stop
   * @param options.where file, `file:line` (1-based), tensor or key
   * @param options.remedy what the user can do about it
   */
  constructor(what: string, options: { where?: string; remedy?: string; cause?: unknown } = {}) {
    const place = options.where === undefined ? '' : `${options.where}: `;
    const remedy = options.remedy === undefined ? '' : `; ${options.remedy}`;
    super(oneLine(`${place}${what}${remedy}`), { cause: options.cause });
    this.what = what;
    this.where = options.where;
    this.remedy = options.remedy;
  }
}

/** Thrown when the user cancels; never shown as a failure. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  constructor() {
    super('Cancelled');
  }
}

/** Throws {@link CancelledError} once `signal` is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError();
}

/** The message of anything thrown, on one line. */
export function messageOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
}
