import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { messageOf, UserError } from '../../common/errors';

/** One read call never asks for more: Node refuses 2 GiB and above. */
const maxBytesPerCall = 1 << 30;

/** A file held open for reading at any offset; every read is checked against the file's size. */
export class OpenedFile {
  private constructor(
    readonly path: string,
    readonly size: number,
    private readonly handle: FileHandle,
  ) {}

  /** @throws UserError when the file is missing, no regular file or not readable */
  static async open(path: string): Promise<OpenedFile> {
    let handle: FileHandle | undefined;
    try {
      // Not blocking: opening a named pipe must not wait for a writer.
      handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      const stats = await handle.stat();
      if (!stats.isFile()) {
        throw new UserError(stats.isDirectory() ? 'is a folder, not a checkpoint file' : 'is not a regular file', {
          where: path,
          remedy: 'give the path of a .pth, .pt or .safetensors file',
        });
      }
      return new OpenedFile(path, stats.size, handle);
    } catch (error) {
      await handle?.close();
      throw error instanceof UserError ? error : openingError(path, error);
    }
  }

  /** Reads exactly `target.length` bytes from `position`. */
  async readInto(target: Uint8Array, position: number): Promise<void> {
    if (!Number.isSafeInteger(position) || position < 0 || position + target.length > this.size) {
      throw this.cutOff(`bytes ${position} to ${position + target.length} lie outside its ${this.size} bytes`);
    }
    let done = 0;
    while (done < target.length) {
      const wanted = Math.min(target.length - done, maxBytesPerCall);
      let bytesRead: number;
      try {
        ({ bytesRead } = await this.handle.read(target, done, wanted, position + done));
      } catch (error) {
        throw new UserError(`cannot be read at byte ${position + done}: ${messageOf(error)}`, {
          where: this.path,
          cause: error,
        });
      }
      if (bytesRead === 0) throw this.cutOff('it became shorter while it was open');
      done += bytesRead;
    }
  }

  async read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (length > this.size) throw this.cutOff(`${length} bytes are announced but it has ${this.size}`);
    const bytes = new Uint8Array(length);
    await this.readInto(bytes, position);
    return bytes;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private cutOff(what: string): UserError {
    return new UserError(`the file is cut off or damaged: ${what}`, {
      where: this.path,
      remedy: 'copy or download it again',
    });
  }
}

function openingError(path: string, error: unknown): UserError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const what =
    code === 'ENOENT'
      ? 'no such checkpoint file'
      : code === 'EACCES' || code === 'EPERM'
        ? 'no permission to read the checkpoint'
        : `the checkpoint cannot be opened: ${messageOf(error)}`;
  return new UserError(what, { where: path, remedy: 'check the path and its permissions', cause: error });
}
