/** Result files that appear whole or not at all. */
import { randomUUID } from 'node:crypto';
import { access, constants, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { messageOf, UserError } from '../common/errors';

/**
 * Checks, before long work starts, that `file` could be written: its folder exists and is writable, and it is not a
 * folder itself. Throws a UserError naming `file`.
 */
export async function checkOutputFile(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  const isFolder = await stat(folder).then(
    entry => entry.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    throw new UserError(`the folder ${folder} does not exist`, { where: file, remedy: 'create it or choose another' });
  }
  try {
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new UserError(`the folder ${folder} is not writable`, { where: file, remedy: 'choose another', cause });
  }
  const taken = await stat(file).then(
    entry => !entry.isFile(),
    () => false,
  );
  if (taken)
    throw new UserError('this exists and is not a regular file', { where: file, remedy: 'choose another name' });
}

/** Writes beside `file` first and renames, so that a failure or a kill leaves what was there before. */
export async function writeOutputFile(file: string, content: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(resolve(file)), `.${basename(file)}.${randomUUID()}.tmp`);
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new UserError(`cannot be written: ${messageOf(cause)}`, {
      where: file,
      remedy: 'check permissions and free space',
      cause,
    });
  }
}
