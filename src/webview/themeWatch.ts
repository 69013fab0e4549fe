import { toDisposable, type Disposable } from '../common/disposables';

/** Calls back when the page's theme may have changed: VS Code changes classes and variables of the page with it. */
export function watchTheme(changed: () => void): Disposable {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind'] });
  const preferences = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map(query => matchMedia(query));
  for (const preference of preferences) preference.addEventListener('change', changed);
  return toDisposable(() => {
    observer.disconnect();
    for (const preference of preferences) preference.removeEventListener('change', changed);
  });
}
