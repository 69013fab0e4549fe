import type { FileHandle } from 'node:fs/promises';
import type { TextPosition } from '../text/textLines';
import type { ByteRanges } from './cocoLists';
import type { TextPositions } from './textPositions';

/** The text of an object and where it stands in the file's text. */
export interface EntryText {
  readonly text: string;
  readonly position: TextPosition;
}

const maxGap = 16 * 1024;
const maxSpan = 4 * 1024 * 1024;

/** Reads objects and their positions from the file. */
export async function readEntries(
  handle: FileHandle,
  positions: TextPositions,
  ranges: ByteRanges,
  ordinals: readonly number[],
): Promise<EntryText[]> {
  const texts = await readTexts(handle, ranges, ordinals);
  const entries: EntryText[] = [];
  for (const [i, text] of texts.entries())
    entries.push({ text, position: await positions.locate(handle, ranges.start[ordinals[i]]) });
  return entries;
}

/** Reads objects from the file; neighbours in one go. */
export async function readTexts(
  handle: FileHandle,
  { start, length }: ByteRanges,
  ordinals: readonly number[],
): Promise<string[]> {
  const texts: string[] = [];
  let span = { start: 0, bytes: Buffer.alloc(0) };
  for (let i = 0; i < ordinals.length; i++) {
    const from = start[ordinals[i]];
    const to = from + length[ordinals[i]];
    if (from < span.start || to > span.start + span.bytes.length) {
      let end = to;
      for (let next = i + 1; next < ordinals.length; next++) {
        const nextStart = start[ordinals[next]];
        const nextEnd = nextStart + length[ordinals[next]];
        if (nextStart < end || nextStart - end > maxGap || nextEnd - from > maxSpan) break;
        end = nextEnd;
      }
      const bytes = Buffer.alloc(end - from);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
      span = { start: from, bytes: bytes.subarray(0, bytesRead) };
    }
    texts.push(span.bytes.toString('utf8', from - span.start, to - span.start));
  }
  return texts;
}
