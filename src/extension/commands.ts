import * as vscode from 'vscode';
import type { CommandId } from './commandIds';

/** One handler for every command. Arguments come from menus and from other extensions: each handler checks its own. */
export type CommandHandlers = Readonly<Record<CommandId, (...values: unknown[]) => unknown>>;

export function registerCommands(handlers: CommandHandlers): vscode.Disposable {
  const entries = Object.entries(handlers);
  return vscode.Disposable.from(...entries.map(([id, handler]) => vscode.commands.registerCommand(id, handler)));
}
