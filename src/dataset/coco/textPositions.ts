import { isAscii } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import type { TextPosition } from '../text/textLines';

const blockBytes = 64 * 1024;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Turns byte offsets of a UTF-8 file into UTF-16 offsets, lines and columns of its text (without byte order mark).
 * It sees the file once and remembers a checkpoint every 64 KiB; a position is then counted from the checkpoint
 * before it, so memory is small for any file and any line length. Bytes that are no UTF-8 count as the U+FFFD that
 * a decoder puts there.
 */
export class TextPositions {
  /** Byte offset, UTF-16 offset, line, UTF-16 offset of the line's start: four numbers per checkpoint. */
  private readonly checkpoints: number[] = [];
  private readonly state = { byte: 0, offset: 0, line: 0, lineStart: 0 };
  private rest = Buffer.alloc(0);
  private started = false;

  /** Takes the next bytes of the file. */
  add(bytes: Buffer): void {
    const block = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    let from = 0;
    if (!this.started) {
      if (block.length < byteOrderMark.length) {
        this.rest = Buffer.from(block);
        return;
      }
      this.started = true;
      if (block.subarray(0, 3).equals(byteOrderMark)) {
        from = 3;
        this.state.byte = 3;
      }
      this.remember();
    }
    while (block.length - from >= blockBytes) {
      const to = safeCut(block, from + blockBytes);
      this.count(block.subarray(from, to));
      this.remember();
      from = to;
    }
    this.rest = Buffer.from(block.subarray(from));
  }

  /** Position of the byte at `offset`, which must be the first of a character. */
  async locate(handle: FileHandle, offset: number): Promise<TextPosition> {
    const index = this.checkpointBefore(offset);
    const [byte = 0, utf16 = 0, line = 0, lineStart = 0] = this.checkpoints.slice(index, index + 4);
    const bytes = Buffer.alloc(Math.max(0, offset - byte));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, byte);
    const state = { byte, offset: utf16, line, lineStart };
    advance(state, bytes.subarray(0, bytesRead));
    return { offset: state.offset, line: state.line, column: state.offset - state.lineStart };
  }

  private count(bytes: Buffer): void {
    advance(this.state, bytes);
  }

  private remember(): void {
    const { byte, offset, line, lineStart } = this.state;
    this.checkpoints.push(byte, offset, line, lineStart);
  }

  private checkpointBefore(offset: number): number {
    let low = 0;
    let high = this.checkpoints.length / 4;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.checkpoints[4 * middle] ?? Infinity) <= offset) low = middle;
      else high = middle;
    }
    return 4 * low;
  }
}

/** The last index not after `index` where neither a character nor a CRLF is cut in two. */
function safeCut(bytes: Buffer, index: number): number {
  let cut = index;
  // A character has at most three continuation bytes; a fourth one is invalid and stands alone.
  for (let back = 0; back < 3 && ((bytes[cut] ?? 0) & 0xc0) === 0x80; back++) cut--;
  if (bytes[cut - 1] === 0x0d) cut--;
  return cut;
}

function advance(state: { byte: number; offset: number; line: number; lineStart: number }, bytes: Buffer): void {
  const start = state.offset;
  if (isAscii(bytes)) {
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte > 13 || (byte !== 10 && (byte !== 13 || bytes[i + 1] === 10))) continue;
      state.line++;
      state.lineStart = start + i + 1;
    }
    state.offset += bytes.length;
  } else {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 13 || (code !== 10 && (code !== 13 || text.charCodeAt(i + 1) === 10))) continue;
      state.line++;
      state.lineStart = start + i + 1;
    }
    state.offset += text.length;
  }
  state.byte += bytes.length;
}
