import * as vscode from 'vscode';
import type { TextPosition } from '../protocol/analysis';

/** Opens the file a label is written in, beside the lens, with the label's text selected. */
export async function revealLabel(source: TextPosition): Promise<void> {
  const uri = vscode.Uri.file(source.file);
  const document = await vscode.workspace.openTextDocument(uri);
  // Counted from the line: a byte order mark, which documents do not hold, shifts the offsets of the file.
  const start = document.validatePosition(new vscode.Position(source.line, source.column));
  const end = document.positionAt(document.offsetAt(start) + source.end - source.start);
  const visible = vscode.window.visibleTextEditors.find(editor => editor.document === document);
  await vscode.window.showTextDocument(document, {
    selection: new vscode.Range(start, end),
    viewColumn: visible?.viewColumn ?? vscode.ViewColumn.Beside,
  });
}
