import type { LabelSummary } from '../protocol/analysis';

/** A place in a text file: 0-based line and UTF-16 column. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/**
 * Index of the label whose text a place lies in, else of the shortest one on whose lines it stands; -1 where no label is
 * written there.
 *
 * @param text the file as the editor holds it, without byte order mark
 */
export function labelAt(labels: readonly LabelSummary[], file: string, text: string, place: TextPlace): number {
  const lines = lineStarts(text);
  const offset = (lines[place.line] ?? text.length) + place.column;
  const lineOf = (position: number) => lines.findLastIndex(start => start <= position);
  let best = -1;
  let bestLength = Infinity;
  labels.forEach(({ source }, index) => {
    if (source?.file !== file) return;
    const start = (lines[source.line] ?? 0) + source.column;
    const end = start + source.end - source.start;
    const inside = offset >= start && offset <= end;
    // In the indentation before a label, and behind its last character, the line speaks of it all the same.
    const onItsLines = place.line >= source.line && place.line <= lineOf(end);
    // Being inside counts for more than standing on its lines.
    const length = end - start + (inside ? 0 : text.length);
    if ((inside || onItsLines) && length < bestLength) {
      best = index;
      bestLength = length;
    }
  });
  return best;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}
