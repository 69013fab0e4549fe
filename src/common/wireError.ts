import { CancelledError, messageOf, UserError } from './errors';

/** An error as it travels between processes: plain strings, whatever was thrown. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly what?: string;
  readonly where?: string;
  readonly remedy?: string;
}

export function toWireError(error: unknown): WireError {
  if (!(error instanceof UserError)) {
    return { name: error instanceof Error ? error.name : 'Error', message: messageOf(error) };
  }
  return {
    name: error.name,
    message: error.message,
    what: error.what,
    ...(error.where === undefined ? {} : { where: error.where }),
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
  };
}

/** The error a {@link WireError} stands for; anything malformed becomes a plain Error. */
export function fromWireError(value: unknown): Error {
  const fields: Partial<Record<keyof WireError, unknown>> = typeof value === 'object' && value !== null ? value : {};
  const text = (field: unknown) => (typeof field === 'string' ? field : undefined);
  if (fields.name === 'CancelledError') return new CancelledError();
  const what = text(fields.what);
  if (fields.name === 'UserError' && what !== undefined) {
    const where = text(fields.where);
    const remedy = text(fields.remedy);
    return new UserError(what, {
      ...(where === undefined ? {} : { where }),
      ...(remedy === undefined ? {} : { remedy }),
    });
  }
  const error = new Error(text(fields.message) ?? 'The other side failed without saying why');
  error.name = text(fields.name) ?? 'Error';
  return error;
}
