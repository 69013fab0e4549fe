import { UserError } from '../../common/errors';
import { stringValue } from './jsonBytes';

const maxTextIds = 5_000_000;
const [zero, nine, quotation] = [0x30, 0x39, 0x22];

/**
 * Gives every image id a number to compare by: the id itself for the usual 0, 1, 2..., a negative number of our own
 * for any other number or string. `"12"` is the same id as `12`: tools mix them up.
 */
export class IdKeys {
  private readonly texts = new Map<string, number>();

  /** The key of the JSON value in `bytes` from `start` to `end`; NaN for what is no id: null, lists, nothing (-1). */
  keyAt(bytes: Buffer, start: number, end: number): number {
    if (start < 0) return NaN;
    const quoted = bytes[start] === quotation ? 1 : 0;
    const digits = end - start - 2 * quoted;
    if (digits >= 1 && digits <= 15 && !(bytes[start + quoted] === zero && digits > 1)) {
      let value = 0;
      let index = start + quoted;
      for (; index < end - quoted; index++) {
        const byte = bytes[index];
        if (byte < zero || byte > nine) break;
        value = 10 * value + byte - zero;
      }
      if (index === end - quoted) return value;
    }
    const text = quoted === 1 ? stringValue(bytes, start, end) : numberText(bytes.toString('latin1', start, end));
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

/** A number as text: integers of any length as they are, so that none is rounded to its neighbour. */
export function numberText(text: string): string | undefined {
  if (/^-?\d+$/.test(text)) return text;
  return /^-?\d/.test(text) && Number.isFinite(Number(text)) ? String(Number(text)) : undefined;
}
