import * as vscode from 'vscode';

/** Lines beyond the visible ones. */
const margin = 40;
/** Characters looked through: of a file of one line, the part that an editor draws. */
const maxLength = 200_000;
/** Of a long line an editor draws no more. */
const drawnColumns = 10_000;

/** Where a pattern is met in the parts of a document that are in sight in some editor, ascending. */
export function visibleOffsets(document: vscode.TextDocument, pattern: RegExp): number[] {
  const offsets = new Set<number>();
  for (const editor of vscode.window.visibleTextEditors) {
    if (editor.document !== document) continue;
    for (const { start, end } of editor.visibleRanges) {
      const first = new vscode.Position(Math.max(0, start.line - margin), 0);
      const last = new vscode.Position(end.line + margin, drawnColumns);
      const from = document.offsetAt(first);
      const to = Math.min(document.offsetAt(last), from + maxLength);
      const text = document.getText(new vscode.Range(first, document.positionAt(to)));
      for (const { index } of text.matchAll(pattern)) offsets.add(from + index);
    }
  }
  return [...offsets].sort((a, b) => a - b);
}
