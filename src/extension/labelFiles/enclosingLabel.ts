import type { TextRange } from './trackedRanges';

/**
 * The label of a Pascal VOC or YOLO file whose text holds a place, by the text around it alone: for labels of which
 * nothing is known yet.
 * @param text a part of the file; a label that reaches beyond it is not found
 */
export function enclosingLabel(format: 'voc' | 'yolo', text: string, offset: number): TextRange | undefined {
  return format === 'voc' ? enclosingElement(text, offset) : enclosingLine(text, offset);
}

function enclosingElement(text: string, offset: number): TextRange | undefined {
  const start = lastTag(text, offset);
  if (start < 0) return undefined;
  const close = '</object>';
  const end = text.indexOf(close, start) + close.length;
  return end > close.length && offset <= end ? { start, end } : undefined;
}

/** The last `<object>` that begins at or before a place. */
function lastTag(text: string, offset: number): number {
  let last = -1;
  for (const { index } of text.slice(0, offset + '<object>'.length).matchAll(/<object[\s>]/g)) {
    if (index <= offset) last = index;
  }
  return last;
}

function enclosingLine(text: string, offset: number): TextRange | undefined {
  const before = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1));
  const after = text.slice(offset).search(/[\r\n]/);
  const range = { start: before + 1, end: after < 0 ? text.length : offset + after };
  return /^\s*\d+(?:\s+\S+){4}/.test(text.slice(range.start, range.end)) ? range : undefined;
}
