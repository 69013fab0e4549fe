import { JsonSyntaxError, sentinel } from './jsonBytes';

const blockBytes = 1024 * 1024;
const maxBytes = 64 * 1024 * 1024;

/** What a window slides over: a file, or a text in the form of bytes. */
export interface ByteSource {
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
}

/** A window sliding over a file from its start to its end: bytes 0 to `end` of `bytes` stand at `base` in the file. */
export class ByteWindow {
  bytes = Buffer.alloc(blockBytes + 1);
  end = 0;
  base = 0;
  /** Whether the window reaches to the end of the file. */
  atEnd = false;

  /** @param onBytes sees every byte of the file once, in order */
  constructor(
    private readonly source: ByteSource,
    private readonly onBytes: (bytes: Buffer) => void,
  ) {
    this.bytes[0] = sentinel;
  }

  /**
   * Drops the bytes before index `keep`, which becomes index 0, and reads on. Reads more the more is kept, so that
   * skimming a large value again after each call takes linear time.
   * @throws JsonSyntaxError when more than 64 MiB would have to be kept
   */
  async slide(keep: number): Promise<void> {
    const kept = this.end - keep;
    const wanted = Math.max(blockBytes, kept);
    if (kept + wanted > maxBytes) throw new JsonSyntaxError(keep, 'a single entry is larger than 32 MiB');
    if (kept + wanted + 1 > this.bytes.length) {
      const larger = Buffer.alloc(kept + wanted + 1);
      this.bytes.copy(larger, 0, keep, this.end);
      this.bytes = larger;
    } else {
      this.bytes.copyWithin(0, keep, this.end);
    }
    this.base += keep;
    this.end = kept;
    const { bytesRead } = await this.source.read(this.bytes, kept, wanted, this.base + kept);
    this.end += bytesRead;
    this.atEnd = bytesRead === 0;
    this.bytes[this.end] = sentinel;
    if (bytesRead > 0) this.onBytes(this.bytes.subarray(kept, this.end));
  }
}
