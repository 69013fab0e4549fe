/** `vscode.l10n.t`: texts that are put together outside the editor's reach take it as a parameter. */
export type Translate = (message: string, ...values: (string | number | boolean)[]) => string;
