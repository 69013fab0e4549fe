import * as vscode from 'vscode';
import type { TextSource } from '../../dataset/edit/textEdit';

/** A document's text, read in parts: the whole of a large one is never put together. */
export function documentText(document: vscode.TextDocument): TextSource {
  const last = document.lineCount - 1;
  const length = document.offsetAt(new vscode.Position(last, Number.MAX_SAFE_INTEGER));
  return {
    length,
    slice: (start, end) =>
      document.getText(new vscode.Range(document.positionAt(start), document.positionAt(Math.min(end, length)))),
  };
}
