import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '../../common/errors';
import type { TextSource } from '../edit/textEdit';
import type { ByteSource } from './byteWindow';
import { stringValue, type DecodeString } from './jsonBytes';

/** Characters read before others get their turn. */
const blockLength = 256 * 1024;

/**
 * A text in the form of bytes, one for each UTF-16 unit, so that byte offsets are offsets in the text: units beyond
 * Latin-1, which JSON has inside strings alone, become 0x80.
 */
export class TextBytes implements ByteSource {
  constructor(
    private readonly text: TextSource,
    private readonly signal?: AbortSignal,
  ) {}

  async read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }> {
    // Not a promise alone: other events get their turn.
    await setImmediate();
    throwIfCancelled(this.signal);
    const end = Math.min(this.text.length, position + Math.min(length, blockLength));
    const block = this.text.slice(position, end).replace(/[\u0100-\uffff]/g, '\x80');
    return { bytesRead: buffer.write(block, offset, 'latin1') };
  }

  /**
   * Decodes JSON strings that {@link read} gave.
   * @param offsetOf tells where in the text the byte with an index stands
   */
  decoder(offsetOf: (index: number) => number): DecodeString {
    return (bytes, start, end) => {
      for (let index = start; index < end; index++)
        if (bytes[index] >= 0x80) return this.decode(offsetOf(start), end - start);
      return stringValue(bytes, start, end);
    };
  }

  private decode(offset: number, length: number): string | undefined {
    const text = this.text.slice(offset, offset + length);
    if (!text.includes('\\')) return text.slice(1, -1);
    try {
      return JSON.parse(text) as string;
    } catch {
      return undefined;
    }
  }
}
