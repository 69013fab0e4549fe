import { UserError } from '../../common/errors';
import type { DecodeString } from './jsonBytes';

const maxTextIds = 5_000_000;
const [zero, nine, quotation] = [0x30, 0x39, 0x22];

/**
 * Gives every image id a number to compare by: the id itself for the usual 0, 1, 2..., a negative number of our own
 * for any other number or string. `"12"` is the same id as `12`: tools mix them up.
 */
export class IdKeys {
  private readonly texts = new Map<string, number>();

  constructor(private readonly decode: DecodeString) {}

  /** The key of the JSON value in `bytes` from `start` to `end`; NaN for what is no id: null, lists, nothing (-1). */
  keyAt(bytes: Buffer, start: number, end: number): number {
    if (start < 0) return NaN;
    const quoted = bytes[start] === quotation ? 1 : 0;
    const digits = end - start - 2 * quoted;
    if (digits >= 1 && digits <= 15 && !(bytes[start + quoted] === zero && digits > 1)) {
      const value = plainInteger(bytes, start + quoted, end - quoted);
      if (value >= 0) return value;
    }
    const text = quoted === 1 ? this.decode(bytes, start, end) : numberText(bytes.toString('latin1', start, end));
    return text === undefined ? NaN : this.keyOf(text);
  }

  private keyOf(text: string): number {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    if (this.texts.size === maxTextIds) throw new UserError(`more than ${maxTextIds} ids are no plain numbers`);
    const key = -1 - this.texts.size;
    this.texts.set(text, key);
    return key;
  }
}

/** The integer that some ASCII digits write, 15 at most; -1 for anything else. */
function plainInteger(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let index = start; index < end; index++) {
    const byte = bytes[index];
    if (byte < zero || byte > nine) return -1;
    value = 10 * value + byte - zero;
  }
  return value;
}

/** Finds the largest of many integer ids, in quotation marks or not, however long. */
export class LargestId {
  private plain = 0;
  private long = 0n;

  add(bytes: Buffer, start: number, end: number): void {
    if (start < 0) return;
    const quoted = bytes[start] === quotation ? 1 : 0;
    const digits = end - start - 2 * quoted;
    if (digits <= 15) this.plain = Math.max(this.plain, plainInteger(bytes, start + quoted, end - quoted));
    else if (digits <= 1000) {
      const text = bytes.toString('latin1', start + quoted, end - quoted);
      if (/^\d+$/.test(text) && BigInt(text) > this.long) this.long = BigInt(text);
    }
  }

  /** One more than the largest, as text; 1 when there was none. */
  get next(): string {
    const plain = BigInt(this.plain);
    return String((plain > this.long ? plain : this.long) + 1n);
  }
}

/** A number as text: integers of any length as they are, so that none is rounded to its neighbour. */
export function numberText(text: string): string | undefined {
  if (/^-?\d+$/.test(text)) return text;
  return /^-?\d/.test(text) && Number.isFinite(Number(text)) ? String(Number(text)) : undefined;
}
