import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { lensHtml } from './lensHtml';
import { loadWatched, type PageView } from './pageWatch';

/**
 * Loads a page of ours, the lens's unless another is named, into a view that may read the extension's own files and
 * `roots`.
 *
 * @returns to be disposed before another page is loaded into the view
 */
export function loadLensPage(
  view: PageView,
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
): vscode.Disposable {
  const { webview } = view;
  const own = ['dist', 'media'].map(name => vscode.Uri.joinPath(extensionUri, name));
  webview.options = { enableScripts: true, localResourceRoots: [...own, ...roots] };
  const resource = (...path: string[]) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...path)).toString();
  const load = () => {
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
  };
  return loadWatched(view, load, () => void offerReload(title));
}

async function offerReload(title: string): Promise<void> {
  const reload = vscode.l10n.t('Reload Window');
  const message = vscode.l10n.t('VS Code does not load the page "{0}". Reloading the window may help.', title);
  if ((await vscode.window.showWarningMessage(message, reload)) === reload)
    await vscode.commands.executeCommand('workbench.action.reloadWindow');
}
