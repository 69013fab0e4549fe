import type { Disposable } from '../../common/disposables';
import { isShortcut, isTyping } from '../keyTarget';

export interface PageActions {
  showNeighbor(direction: 1 | -1): void;
  /** URIs of what was dropped on the page. */
  openImages(uris: readonly string[]): void;
  toggleKeys(): void;
  /** Something is being dragged over the page that could be opened. */
  dragging(over: boolean): void;
}

// VS Code's explorer and tabs give the first, file managers the second.
const uriTypes = ['application/vnd.code.uri-list', 'text/uri-list'];

/** Keys and drops that mean the same wherever they happen on the page. */
export function listenToPage(actions: PageActions): Disposable {
  const listeners = new AbortController();
  const { signal } = listeners;
  document.addEventListener(
    'keydown',
    event => {
      if (event.defaultPrevented || isShortcut(event) || event.altKey || isTyping(event)) return;
      const run = keyAction(event.key, actions);
      if (run === undefined) return;
      event.preventDefault();
      run();
    },
    { signal },
  );
  document.addEventListener(
    'dragover',
    event => {
      if (!canOpen(event)) return;
      event.preventDefault();
      actions.dragging(true);
    },
    { signal },
  );
  document.addEventListener('dragleave', event => event.relatedTarget === null && actions.dragging(false), { signal });
  document.addEventListener(
    'drop',
    event => {
      if (!canOpen(event)) return;
      event.preventDefault();
      actions.dragging(false);
      const uris = droppedUris(type => event.dataTransfer?.getData(type) ?? '');
      if (uris.length > 0) actions.openImages(uris);
    },
    { signal },
  );
  return { dispose: () => listeners.abort() };
}

/** The first list of URIs that a drop holds; comments of `text/uri-list` are left out. */
export function droppedUris(dataOf: (type: string) => string): string[] {
  for (const type of uriTypes) {
    const uris = dataOf(type)
      .split(/\r?\n/)
      .filter(line => line !== '' && !line.startsWith('#'));
    if (uris.length > 0) return uris;
  }
  return [];
}

function canOpen({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.some(type => uriTypes.includes(type)) === true;
}

function keyAction(key: string, actions: PageActions): (() => void) | undefined {
  switch (key.toLowerCase()) {
    case '?':
      return () => actions.toggleKeys();
    case 'n':
      return () => actions.showNeighbor(1);
    case 'p':
      return () => actions.showNeighbor(-1);
    default:
      return undefined;
  }
}
