import type * as vscode from 'vscode';
import type { Transport } from '../common/messageHandler';

export function webviewTransport(webview: vscode.Webview): Transport {
  return {
    send(message) {
      // Resolves to false while the webview is hidden: it asks for the state once it is shown again.
      void webview.postMessage(message);
    },
    onMessage: listener => webview.onDidReceiveMessage(listener),
  };
}
