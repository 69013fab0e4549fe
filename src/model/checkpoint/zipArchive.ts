import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { messageOf, UserError } from '../../common/errors';
import type { OpenedFile } from './openedFile';
import type { ByteSource } from './storedTensor';

const maxEntries = 200_000;
/** Deflated data can only be read from its start, so its size bounds the time of every read. */
const maxInflatedBytes = 2 ** 31;
const chunkBytes = 1 << 20;

const stored = 0;
const deflated = 8;

/** A zip archive's directory; the data of its entries stay in the file until they are asked for. */
export class ZipArchive {
  private constructor(
    private readonly file: OpenedFile,
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws UserError when the directory at the end of the file is missing or damaged */
  static async open(file: OpenedFile): Promise<ZipArchive> {
    const entries = new Map<string, Entry>();
    try {
      const zip = await fromRandomAccessReaderPromise(new FileReader(file), file.size, { autoClose: false });
      if (zip.entryCount > maxEntries) {
        throw damaged(file, `it announces ${zip.entryCount} entries, more than the supported ${maxEntries}`);
      }
      for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
      return new ZipArchive(file, zip, entries);
    } catch (error) {
      throw damaged(file, error);
    }
  }

  get names(): IterableIterator<string> {
    return this.entries.keys();
  }

  /** The uncompressed bytes of an entry, or undefined when there is none of this name. */
  source(name: string): ByteSource | undefined {
    const entry = this.entries.get(name);
    if (!entry) return undefined;
    const { file } = this;
    const where = `${file.path}: ${name}`;
    if (entry.isEncrypted()) {
      throw new UserError('the archive entry is encrypted', {
        where,
        remedy: 'unpack it and save it without password',
      });
    }
    const byteLength = entry.uncompressedSize;
    if (entry.compressionMethod === stored) {
      let dataStart: Promise<number> | undefined;
      return {
        byteLength,
        readInto: async (target, start) => {
          dataStart ??= this.dataStart(entry);
          await file.readInto(target, (await dataStart) + start);
        },
      };
    }
    if (entry.compressionMethod === deflated) {
      if (byteLength > maxInflatedBytes) {
        throw new UserError(`the compressed entry has ${byteLength} bytes; at most ${maxInflatedBytes} are read`, {
          where,
          remedy: 'save the checkpoint again with torch.save, which does not compress',
        });
      }
      return { byteLength, readInto: (target, start) => this.inflateInto(entry, target, start) };
    }
    throw new UserError(`the archive entry uses compression method ${entry.compressionMethod}`, {
      where,
      remedy: 'save the checkpoint again with torch.save',
    });
  }

  private async dataStart(entry: Entry): Promise<number> {
    try {
      const { fileDataStart } = await this.zip.readLocalFileHeaderPromise(entry, { minimal: true });
      return fileDataStart;
    } catch (error) {
      throw damaged(this.file, error);
    }
  }

  private async *compressedChunks(entry: Entry): AsyncGenerator<Uint8Array> {
    const begin = await this.dataStart(entry);
    for (let done = 0; done < entry.compressedSize; done += chunkBytes) {
      yield await this.file.read(begin + done, Math.min(chunkBytes, entry.compressedSize - done));
    }
  }

  private async inflateInto(entry: Entry, target: Uint8Array, start: number): Promise<void> {
    const { file } = this;
    const inflate = createInflateRaw({ chunkSize: chunkBytes });
    // What fails destroys the stream, whose reader below hears of it.
    pipeline(this.compressedChunks(entry), inflate).catch(() => undefined);
    let position = 0;
    let filled = 0;
    try {
      for await (const chunk of inflate as AsyncIterable<Uint8Array>) {
        const part = chunk.subarray(Math.max(0, start - position), start + target.length - position);
        target.set(part, filled);
        filled += part.length;
        position += chunk.length;
        // Leaving the loop destroys the stream.
        if (filled === target.length) break;
      }
    } catch (error) {
      throw damaged(file, error);
    }
    if (filled < target.length) throw damaged(file, `${entry.fileName} has fewer bytes than announced`);
  }
}

function damaged(file: OpenedFile, cause: unknown): UserError {
  if (cause instanceof UserError) return cause;
  return new UserError(`the zip archive is cut off or damaged: ${messageOf(cause).replace(/\.$/, '')}`, {
    where: file.path,
    remedy: 'copy or download it again',
    cause,
  });
}

/** Offsets come from the file: they are checked here, where an error can still be reported. */
class FileReader extends RandomAccessReader {
  constructor(private readonly file: OpenedFile) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.file.readInto(buffer.subarray(offset, offset + length), position).then(
      () => callback(null, length),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** The file outlives the directory reader. */
  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}
