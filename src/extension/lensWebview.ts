import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { lensHtml } from './lensHtml';

/** Loads a page of ours, the lens's unless another is named, into a webview that may read the extension's own files and `roots`. */
export function loadLensPage(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  roots: readonly vscode.Uri[],
  {
    title,
    restore,
    bundle = 'webview',
  }: {
    readonly title: string;
    readonly restore?: string;
    readonly bundle?: 'webview' | 'mapping' | 'gallery' | 'overview';
  },
): void {
  const own = ['dist', 'media'].map(name => vscode.Uri.joinPath(extensionUri, name));
  webview.options = { enableScripts: true, localResourceRoots: [...own, ...roots] };
  const resource = (...path: string[]) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...path)).toString();
  webview.html = lensHtml({
    title,
    restore,
    hasDataImages: bundle === 'gallery',
    scriptUri: resource('dist', `${bundle}.js`),
    styleUri: resource('dist', `${bundle}.css`),
    cspSource: webview.cspSource,
    nonce: randomBytes(24).toString('base64url'),
    language: vscode.env.language,
  });
}
