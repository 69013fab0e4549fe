import { messageOf, UserError } from '../common/errors';

/** Loads a module that needs native code. Where its binary is missing or does not fit, says so in one line. */
export async function lazyNative<T>(what: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new UserError(`${what} cannot be loaded on ${process.platform} ${process.arch}: ${messageOf(cause)}`, {
      remedy: 'install Focal Lens for this platform again',
      cause,
    });
  }
}
