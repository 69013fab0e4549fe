import * as vscode from 'vscode';

/** Panels opened at once without asking first. */
const manyPanels = 8;

/** Whether images may be opened in a panel of their own each: asks the user where they are many. */
export async function mayOpen(count: number): Promise<boolean> {
  if (count <= manyPanels) return true;
  const open = vscode.l10n.t('Analyze All');
  const question = vscode.l10n.t('Analyze {0} images, each in a panel of its own?', count);
  return (await vscode.window.showWarningMessage(question, { modal: true }, open)) === open;
}
