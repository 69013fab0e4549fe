import type { TextSource } from './textEdit';

const step = 256;

/** Offset of the first character at or after `offset` that is no blank and no line break. */
export function blanksAfter(text: TextSource, offset: number): number {
  for (let from = offset; from < text.length; from += step) {
    const at = text.slice(from, Math.min(text.length, from + step)).search(/[^ \t\r\n]/);
    if (at >= 0) return from + at;
  }
  return text.length;
}

/** Offset after the last character before `offset` that is no blank and no line break. */
export function blanksBefore(text: TextSource, offset: number): number {
  for (let to = offset; to > 0; to -= step) {
    const part = text.slice(Math.max(0, to - step), to);
    const kept = part.replace(/[ \t\r\n]+$/, '').length;
    if (kept > 0) return to - part.length + kept;
  }
  return 0;
}

/** The line break that a text uses first; LF when it has none. */
export function lineBreakOf(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}

/** The blanks between the start of the line and `offset`; undefined when something else stands there. */
export function indentBefore(text: string, offset: number): string | undefined {
  return /(?:^|[\r\n])([ \t]*)$/.exec(text.slice(Math.max(0, offset - 1000), offset))?.[1];
}
