import { PickleError } from './pickleError';

/** Longest text line of the old text opcodes; torch's are module and class names. */
const maxLine = 64 * 1024;
/** Longest Python int, in bytes. */
const maxIntegerBytes = 256;

/** Reads a pickle's arguments; every read is checked against the end. */
export class ByteReader {
  position = 0;
  private readonly view: DataView;
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  take(length: number): number {
    const start = this.position;
    if (length > this.bytes.length - start) {
      throw new PickleError(
        `it ends after ${this.bytes.length} bytes but ${length} more were expected at byte ${start}`,
        start,
        'the file is cut off or damaged: copy or download it again',
      );
    }
    this.position = start + length;
    return start;
  }

  uint8(): number {
    return this.view.getUint8(this.take(1));
  }

  uint16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.take(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  /** A length of eight bytes; lengths above 2^53 are larger than any file. */
  length64(): number {
    return Number(this.view.getBigUint64(this.take(8), true));
  }

  float64BigEndian(): number {
    return this.view.getFloat64(this.take(8), false);
  }

  slice(length: number): Uint8Array {
    const start = this.take(length);
    // A copy: what is kept must not keep the whole pickle.
    return new Uint8Array(this.bytes.subarray(start, start + length));
  }

  text(length: number): string {
    const start = this.take(length);
    return this.decoder.decode(this.bytes.subarray(start, start + length));
  }

  /** Little-endian two's complement. */
  integer(length: number): number | bigint {
    if (length > maxIntegerBytes) {
      throw new PickleError(
        `it holds an integer of ${length} bytes; at most ${maxIntegerBytes} are read`,
        this.position,
      );
    }
    const start = this.take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.view.getUint8(start + i));
    return narrow(BigInt.asIntN(length * 8, value));
  }

  /** Text up to the next line feed, which is consumed. */
  line(): string {
    const start = this.position;
    const end = this.bytes.subarray(start, start + maxLine + 1).indexOf(0x0a);
    if (end < 0) {
      if (this.bytes.length - start > maxLine) throw new PickleError('it holds an overlong text line', start);
      // Ends within the line: report it as any other end.
      this.take(this.bytes.length - start + 1);
    }
    const text = this.text(end);
    this.position += 1;
    return text;
  }
}

/** A number where it is exact, else the bigint. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
