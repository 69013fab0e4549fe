import * as vscode from 'vscode';
import { commandIds } from '../commandIds';

/** Names shown in a message. */
const shown = 3;

/** Tells of classes that the model has no column for, with a way to give them one. */
export function offerMapping(unmatched: readonly string[]): void {
  if (unmatched.length === 0) return;
  const { t } = vscode.l10n;
  const names = unmatched.slice(0, shown).map(name => JSON.stringify(name.slice(0, 60)));
  const list = names.join(', ') + (unmatched.length > shown ? t(' and {0} more', unmatched.length - shown) : '');
  const edit = t('Edit Class Mapping');
  const text = t('The model has no class column for {0}: such labels take no part in the loss.', list);
  void vscode.window.showWarningMessage(text, edit).then(choice => {
    if (choice === edit) void vscode.commands.executeCommand(commandIds.editClassMapping);
  });
}
