import type * as vscode from 'vscode';
import { DisposableStore, toDisposable } from '../common/disposables';

/** A tab, or a view of the side bar. */
export type PageView = vscode.WebviewPanel | vscode.WebviewView;

/** Milliseconds that a page in sight may take until it says something, attempt by attempt. */
export const silence: readonly number[] = [8_000, 20_000, 60_000];

/**
 * Loads a view's page, and again where it stays silent: VS Code may lose a page's request for its script, and shows a
 * blank page then (https://github.com/microsoft/vscode/issues/166860). Out of sight a page is not loaded.
 *
 * @param load the page asks for what it shows as soon as it runs
 * @param onSilent told when the last attempt was in vain
 * @returns ends the watch, which the end of the view does, too
 */
export function loadWatched(view: PageView, load: () => void, onSilent: () => void): vscode.Disposable {
  const store = new DisposableStore();
  const isRetained = 'options' in view && view.options.retainContextWhenHidden === true;
  let timer: NodeJS.Timeout | undefined;
  let isVisible = view.visible;
  let hasSpoken = false;

  const watch = (attempt: number) => {
    timer = setTimeout(() => {
      if (attempt + 1 === silence.length) {
        onSilent();
        return;
      }
      load();
      watch(attempt + 1);
    }, silence[attempt]);
  };
  const onTurn = () => {
    if (view.visible === isVisible) return;
    isVisible = view.visible;
    clearTimeout(timer);
    // Shown again, a page begins anew.
    if (isVisible && !(isRetained && hasSpoken)) watch(0);
  };
  store.add(
    view.webview.onDidReceiveMessage(() => {
      hasSpoken = true;
      clearTimeout(timer);
    }),
  );
  store.add('onDidChangeViewState' in view ? view.onDidChangeViewState(onTurn) : view.onDidChangeVisibility(onTurn));
  store.add(view.onDidDispose(() => store.dispose()));
  store.add(toDisposable(() => clearTimeout(timer)));
  load();
  if (isVisible) watch(0);
  return store;
}
