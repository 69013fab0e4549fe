/**
 * Skims JSON in UTF-8 bytes without building values: strings and brackets are followed, what lies between them is
 * read when it is needed. All functions take `end`, the index after the last byte at hand, and return the index
 * after what they skipped, or {@link incomplete} when the bytes end before it does. `bytes[end]` must exist and hold
 * {@link sentinel}, so that the inner loops need no bounds check.
 */

/** Thrown with the index of the byte that no JSON text can have there. */
export class JsonSyntaxError extends Error {
  constructor(
    readonly index: number,
    message: string,
  ) {
    super(message);
  }
}

export const incomplete = -1;
/** A quotation mark: it stops every inner loop. */
export const sentinel = 0x22;

const [quotation, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBrace, closeBrace, openBracket] = [0x7b, 0x7d, 0x5b];
const maxDepth = 200;

/** 1 for the bytes that matter between values: quotation mark and brackets. */
const structural = tableOf('"{}[]');
/** 1 for the bytes that matter inside a string. */
const inString = tableOf('"\\');
const blank = tableOf(' \t\r\n');
/** 1 for the bytes that end a number, true, false or null. */
const endsScalar = tableOf(' \t\r\n,:"{}[]');

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** The index of the next byte that is no blank; `end` when there is none. */
export function skipBlanks(bytes: Uint8Array, index: number, end: number): number {
  // The sentinel is no blank.
  while (blank[bytes[index]] === 1) index++;
  return Math.min(index, end);
}

/** @param index of the first byte after the opening quotation mark */
export function skipString(bytes: Uint8Array, index: number, end: number): number {
  for (;;) {
    while (inString[bytes[index]] === 0) index++;
    if (index >= end) return incomplete;
    if (bytes[index] === quotation) return index + 1;
    // A backslash and what it escapes. It may escape the sentinel: index is then end + 1.
    index += 2;
    if (index > end) return incomplete;
  }
}

/** @param index of the value's first byte */
export function skipValue(bytes: Uint8Array, index: number, end: number): number {
  if (index >= end) return incomplete;
  const first = bytes[index];
  if (first === quotation) return skipString(bytes, index + 1, end);
  if (first === openBrace || first === openBracket) return skipNested(bytes, index, end);
  const start = index;
  while (endsScalar[bytes[index]] === 0) index++;
  if (index >= end) return incomplete;
  if (index === start) throw new JsonSyntaxError(index, `found ${show(first)}, expected a value`);
  return index;
}

/** @param index of an opening bracket or brace */
function skipNested(bytes: Uint8Array, index: number, end: number): number {
  const start = index;
  let depth = 0;
  // The closing bracket of each open level: in ASCII an opening bracket plus two.
  const closers: number[] = [];
  for (;;) {
    while (structural[bytes[index]] === 0) index++;
    if (index >= end) return incomplete;
    const byte = bytes[index];
    if (byte === quotation) {
      index = skipString(bytes, index + 1, end);
      if (index === incomplete) return incomplete;
    } else if (byte === openBrace || byte === openBracket) {
      if (depth === maxDepth) throw new JsonSyntaxError(start, `nested more than ${maxDepth} levels deep`);
      closers[depth++] = byte + 2;
      index++;
    } else {
      if (closers[depth - 1] !== byte)
        throw new JsonSyntaxError(index, `found ${show(byte)}, expected ${show(closers[depth - 1])}`);
      index++;
      if (--depth === 0) return index;
    }
  }
}

/** Skims objects and notes where the values of some keys lie. */
export class ObjectSkimmer {
  /** Start and end index of each field's value, -1 where the object has no such key; of the last such key otherwise. */
  readonly ranges: Int32Array;
  private readonly keys: readonly Buffer[];

  constructor(fields: readonly string[]) {
    this.keys = fields.map(field => Buffer.from(field));
    this.ranges = new Int32Array(2 * fields.length);
  }

  /**
   * @param index of the opening brace
   * Lenient inside: commas are not counted, since the object is parsed in full when it is used.
   */
  skim(bytes: Buffer, index: number, end: number): number {
    this.ranges.fill(-1);
    index++;
    for (;;) {
      index = skipBlanks(bytes, index, end);
      if (index >= end) return incomplete;
      const byte = bytes[index];
      if (byte === comma) {
        index++;
        continue;
      }
      if (byte === closeBrace) return index + 1;
      if (byte !== quotation)
        throw new JsonSyntaxError(index, `found ${show(byte)}, expected a key in quotation marks`);
      const key = index + 1;
      const keyEnd = skipString(bytes, key, end);
      if (keyEnd === incomplete) return incomplete;
      index = skipBlanks(bytes, keyEnd, end);
      if (index >= end) return incomplete;
      if (bytes[index] !== colon) throw new JsonSyntaxError(index, `found ${show(bytes[index])}, expected ":"`);
      const value = skipBlanks(bytes, index + 1, end);
      index = skipValue(bytes, value, end);
      if (index === incomplete) return incomplete;
      this.note(bytes, key, keyEnd - 1, value, index);
    }
  }

  private note(bytes: Buffer, key: number, keyEnd: number, value: number, valueEnd: number): void {
    for (let field = 0; field < this.keys.length; field++) {
      const name = this.keys[field];
      if (name?.length !== keyEnd - key || name[0] !== bytes[key]) continue;
      if (bytes.compare(name, 0, name.length, key, keyEnd) !== 0) continue;
      this.ranges[2 * field] = value;
      this.ranges[2 * field + 1] = valueEnd;
    }
  }
}

/** Like {@link stringValue}. */
export type DecodeString = (bytes: Buffer, start: number, end: number) => string | undefined;

/** The text of a JSON string from its first quotation mark to after its last; undefined when its escapes are wrong. */
export function stringValue(bytes: Buffer, start: number, end: number): string | undefined {
  const escape = bytes.indexOf(backslash, start);
  if (escape === -1 || escape >= end) return bytes.toString('utf8', start + 1, end - 1);
  try {
    return JSON.parse(bytes.toString('utf8', start, end)) as string;
  } catch {
    return undefined;
  }
}

/** A byte as it may stand in a message. */
export function show(byte: number | undefined): string {
  if (byte === undefined) return 'the end of the file';
  return byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16).padStart(2, '0')}`;
}
