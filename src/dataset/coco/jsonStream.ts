import { ByteWindow, type ByteSource } from './byteWindow';
import { incomplete, JsonSyntaxError, show, skipBlanks, skipValue, stringValue } from './jsonBytes';

/** Reads one value; like the functions of `jsonBytes`. */
export type Skim = (bytes: Buffer, index: number, end: number) => number;

const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const [quotation, comma, colon] = [0x22, 0x2c, 0x3a];

/**
 * Walks through the outermost object of a JSON file of any size, and through its lists, with a bounded part of the
 * file in memory. Strict about the structure it walks through, lenient inside the values it only skims.
 */
export class JsonStream {
  private readonly window: ByteWindow;
  /** Index in the window of the next byte. */
  private index = 0;

  /** @param onBytes sees every byte of the file once, in order */
  constructor(source: ByteSource, onBytes: (bytes: Buffer) => void) {
    this.window = new ByteWindow(source, onBytes);
  }

  /** Byte offset in the file of an index that a {@link Skim} was given or that a JsonSyntaxError names. */
  offsetOf(index: number): number {
    return this.window.base + index;
  }

  /** Byte offset of the next byte. */
  get offset(): number {
    return this.offsetOf(this.index);
  }

  /** Enters the file's object; false if the file holds something else. */
  async open(): Promise<boolean> {
    const { window } = this;
    await window.slide(0);
    const [first, second, third] = window.bytes;
    if (window.end >= 3 && first === 0xef && second === 0xbb && third === 0xbf) this.index = 3;
    if (window.end >= 2 && (first & second) >= 0xfe)
      throw new JsonSyntaxError(0, 'its text is UTF-16 or binary, expected UTF-8');
    if ((await this.next()) !== openBrace) return false;
    this.index++;
    return true;
  }

  /** The keys of the object. The caller reads each key's value, with `list` or `value`, before it goes on. */
  async *keys(): AsyncGenerator<string> {
    if ((await this.next()) === closeBrace) this.index++;
    else {
      do yield await this.key();
      while (await this.separator(closeBrace));
    }
    if ((await this.next()) !== undefined) throw this.unexpected('the end of the file');
  }

  /** Whether the next value is a list. */
  async atList(): Promise<boolean> {
    return (await this.next()) === openBracket;
  }

  /** Skims one value, reading on until all of it is at hand; returns the index of its first byte. */
  async value(skim: Skim = skipValue): Promise<number> {
    await this.next();
    let start = this.index;
    while (!this.atHand(skim)) {
      if (this.window.atEnd) throw new JsonSyntaxError(this.window.end, 'the file ends inside a value');
      await this.window.slide(start);
      start = this.index = 0;
    }
    return start;
  }

  /** Skims the entries of a list one by one. */
  async list(skim: Skim = skipValue): Promise<void> {
    this.index++;
    if ((await this.next()) === closeBracket) {
      this.index++;
      return;
    }
    do if (!this.atHand(skim)) await this.value(skim);
    while (this.commaAtHand() || (await this.separator(closeBracket)));
  }

  private async key(): Promise<string> {
    if ((await this.next()) !== quotation) throw this.unexpected('a key in quotation marks');
    const start = await this.value();
    const key = stringValue(this.window.bytes, start, this.index);
    if (key === undefined) throw new JsonSyntaxError(start, 'a key has a wrong escape');
    if ((await this.next()) !== colon) throw this.unexpected('":"');
    this.index++;
    return key;
  }

  /** Moves past a comma to the next entry, or past `closer`; tells whether there is a next one. */
  private async separator(closer: number): Promise<boolean> {
    const byte = await this.next();
    if (byte !== comma && byte !== closer) throw this.unexpected(`"," or ${show(closer)}`);
    this.index++;
    if (byte === closer) return false;
    await this.next();
    return true;
  }

  /** Like `separator` for the usual case, without a promise for each of a million entries. */
  private commaAtHand(): boolean {
    const { bytes, end } = this.window;
    const index = skipBlanks(bytes, this.index, end);
    if (index >= end || bytes[index] !== comma) return false;
    const next = skipBlanks(bytes, index + 1, end);
    if (next >= end) return false;
    this.index = next;
    return true;
  }

  private atHand(skim: Skim): boolean {
    const after = skim(this.window.bytes, this.index, this.window.end);
    if (after === incomplete) return false;
    this.index = after;
    return true;
  }

  /** Moves to the next byte that is no blank and returns it; undefined at the end of the file. */
  private async next(): Promise<number | undefined> {
    const { window } = this;
    for (;;) {
      this.index = skipBlanks(window.bytes, this.index, window.end);
      if (this.index < window.end) return window.bytes[this.index];
      if (window.atEnd) return undefined;
      await window.slide(this.index);
      this.index = 0;
    }
  }

  private unexpected(expected: string): JsonSyntaxError {
    const { bytes, end } = this.window;
    const found = show(this.index < end ? bytes[this.index] : undefined);
    return new JsonSyntaxError(this.index, `found ${found}, expected ${expected}`);
  }
}
