import * as vscode from 'vscode';

/** Every command that package.json contributes. */
export const commandIds = {
  analyzeImage: 'focalLens.analyzeImage',
  analyzeAgain: 'focalLens.analyzeAgain',
  chooseModel: 'focalLens.chooseModel',
  restartEngine: 'focalLens.restartEngine',
  showLog: 'focalLens.showLog',
} as const;
export type CommandId = (typeof commandIds)[keyof typeof commandIds];

/** One handler for every command. Arguments come from menus and from other extensions: each handler checks its own. */
export type CommandHandlers = Readonly<Record<CommandId, (...values: unknown[]) => unknown>>;

export function registerCommands(handlers: CommandHandlers): vscode.Disposable {
  const entries = Object.entries(handlers);
  return vscode.Disposable.from(...entries.map(([id, handler]) => vscode.commands.registerCommand(id, handler)));
}
