import { stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { throwIfCancelled, UserError } from '../../common/errors';

/** A file that has changed within so many milliseconds may still be being written. */
const recent = 2_000;
/** Before each further attempt, milliseconds: writing a label file takes an editor far less. */
const pauses = [100, 400];

/**
 * Reads labels, and does so again a moment later where their file is malformed and was written just now: whoever saves it
 * may have written the half of it. A file that is malformed for longer costs no time.
 *
 * @throws what `read` throws at last, CancelledError once `signal` aborts
 */
export async function readSettled<T>(read: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (const pause of pauses) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof UserError) || !(await hasJustChanged(fileOf(error)))) throw error;
    }
    await setTimeout(pause);
    throwIfCancelled(signal);
  }
  return read();
}

/** The file that an error is about; its place may be one with a line. */
function fileOf({ where = '' }: UserError): string {
  return where.replace(/:\d+$/, '');
}

async function hasJustChanged(file: string): Promise<boolean> {
  try {
    return Math.abs(Date.now() - (await stat(file)).mtimeMs) < recent;
  } catch {
    return false;
  }
}
