/** A position in a text: UTF-16 offset, 0-based line and 0-based UTF-16 column. */
export interface TextPosition {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** Where the lines of a text begin. Lines end with LF, CRLF or CR, as in an editor. */
export class TextLines {
  /** UTF-16 offset of each line's first character. */
  readonly starts: readonly number[];

  constructor(private readonly text: string) {
    const starts = [0];
    const end = /\r\n?|\n/g;
    while (end.exec(text) !== null) starts.push(end.lastIndex);
    this.starts = starts;
  }

  positionAt(offset: number): TextPosition {
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? Infinity) <= offset) low = middle;
      else high = middle;
    }
    return { offset, line: low, column: offset - (this.starts[low] ?? 0) };
  }

  /** Start and end of a line, without its line break. */
  rangeOf(line: number): { start: number; end: number } {
    const start = this.starts[line] ?? this.text.length;
    let end = this.starts[line + 1] ?? this.text.length;
    while (end > start && (this.text[end - 1] === '\n' || this.text[end - 1] === '\r')) end--;
    return { start, end };
  }
}
