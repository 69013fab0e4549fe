import { UserError } from '../../common/errors';

/**
 * A text that can be read in parts; a string is one. Offsets count UTF-16 units and a byte order mark is no part of
 * it, as in an editor.
 */
export interface TextSource {
  readonly length: number;
  slice(start: number, end: number): string;
}

/** Puts `text` in the place of `length` UTF-16 units at `offset`. */
export interface TextChange {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** A change of a file's text. Edits of one list refer to the same text, do not overlap and are sorted by offset. */
export interface TextEdit extends TextChange {
  readonly file: string;
}

/** The text after the changes. */
export function applyEdits(text: string, changes: readonly TextChange[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { offset, length, text: inserted } of checked(changes, text.length)) {
    parts.push(text.slice(at, offset), inserted);
    at = offset + length;
  }
  return parts.join('') + text.slice(at);
}

/** The edits that undo others, for the text that these lead to. */
export function inverseEdits(text: TextSource, edits: readonly TextEdit[]): TextEdit[] {
  let shift = 0;
  return checked(edits, text.length).map(({ file, offset, length, text: inserted }) => {
    const inverse = {
      file,
      offset: offset + shift,
      length: inserted.length,
      text: text.slice(offset, offset + length),
    };
    shift += inserted.length - length;
    return inverse;
  });
}

function checked<T extends TextChange>(changes: readonly T[], length: number): readonly T[] {
  let end = 0;
  for (const change of changes) {
    if (change.offset < end || change.length < 0 || change.offset + change.length > length)
      throw new RangeError('edits overlap, are not sorted or lie outside the text');
    end = change.offset + change.length;
  }
  return changes;
}

/** The error for a label that is not where it was read. */
export function textHasChanged(file: string): UserError {
  return new UserError('the text has changed since the label was read', {
    where: file,
    remedy: 'read the labels again',
  });
}
