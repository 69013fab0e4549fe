import * as vscode from 'vscode';
import { CancelledError, messageOf, UserError } from '../common/errors';
import { commandIds } from './commandIds';
import { UntrustedError } from './imageAnalysis';

/** Logs an error and shows it with what the user can do about it. Cancelling is no error. */
export class ErrorMessages {
  constructor(private readonly log: vscode.LogOutputChannel) {}

  write(error: unknown): void {
    if (error instanceof CancelledError) return;
    if (error instanceof UserError) this.log.error(error.message);
    // Not the user's doing: the place in our code is what helps.
    else this.log.error(error instanceof Error ? (error.stack ?? error.message) : messageOf(error));
  }

  /** Writes and shows; does not wait for the user. */
  show(error: unknown): void {
    if (error instanceof CancelledError) return;
    this.write(error);
    const actions = new Map<string, string>();
    if (error instanceof UntrustedError) {
      actions.set(vscode.l10n.t('Manage Workspace Trust'), 'workbench.trust.manage');
    } else {
      if (error instanceof UserError) actions.set(vscode.l10n.t('Choose Model'), commandIds.chooseModel);
      actions.set(vscode.l10n.t('Show Log'), commandIds.showLog);
    }
    void vscode.window.showErrorMessage(messageOf(error), ...actions.keys()).then(choice => {
      const command = choice === undefined ? undefined : actions.get(choice);
      if (command !== undefined) void vscode.commands.executeCommand(command);
    });
  }
}
