/** What is wrong in a pickle, and at which byte; the reader of the file turns it into a UserError. */
export class PickleError extends Error {
  override readonly name = 'PickleError';

  constructor(
    readonly what: string,
    /** Byte offset of the operation within the pickle. */
    readonly offset: number | undefined,
    readonly remedy?: string,
  ) {
    super(what);
  }
}
