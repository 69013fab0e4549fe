import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { lensHtml } from './lensHtml';

/** Loads the lens's page into a webview that may read the extension's own files and `roots`. */
export function loadLensPage(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  roots: readonly vscode.Uri[],
  page: { readonly title: string; readonly restore: string },
): void {
  const own = ['dist', 'media'].map(name => vscode.Uri.joinPath(extensionUri, name));
  webview.options = { enableScripts: true, localResourceRoots: [...own, ...roots] };
  const resource = (...path: string[]) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...path)).toString();
  webview.html = lensHtml({
    ...page,
    scriptUri: resource('dist', 'webview.js'),
    styleUri: resource('dist', 'webview.css'),
    cspSource: webview.cspSource,
    nonce: randomBytes(24).toString('base64url'),
    language: vscode.env.language,
  });
}
