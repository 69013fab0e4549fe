import type { Disposable } from '../common/disposables';

export interface Debounced<T> extends Disposable {
  add(item: T): void;
}

/** Gathers items and hands them over, each once, when none has come for `milliseconds`. */
export function debounced<T>(milliseconds: number, handle: (items: Iterable<T>) => void): Debounced<T> {
  let waiting = new Set<T>();
  let timer: NodeJS.Timeout | undefined;
  return {
    add(item) {
      waiting.add(item);
      clearTimeout(timer);
      timer = setTimeout(() => {
        const items = waiting;
        waiting = new Set();
        handle(items);
      }, milliseconds);
    },
    dispose() {
      clearTimeout(timer);
      waiting.clear();
    },
  };
}
