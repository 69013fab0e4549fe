import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadWatched, silence, type PageView } from '../../../src/extension/pageWatch';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function emitter() {
  const listeners = new Set<() => void>();
  return {
    event: (listener: () => void) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    fire: () => listeners.forEach(listener => listener()),
  };
}

/** A tab, and how often its page was loaded or given up. */
function tab({ visible = true, retainContextWhenHidden = false } = {}) {
  const [message, turn, end] = [emitter(), emitter(), emitter()];
  const view = {
    visible,
    options: { retainContextWhenHidden },
    webview: { onDidReceiveMessage: message.event },
    onDidChangeViewState: turn.event,
    onDidDispose: end.event,
  };
  const [load, onSilent] = [vi.fn(), vi.fn()];
  return {
    load,
    onSilent,
    watch: loadWatched(view as unknown as PageView, load, onSilent),
    speak: message.fire,
    close: end.fire,
    show(visible: boolean) {
      view.visible = visible;
      turn.fire();
    },
  };
}

const [first = 0, second = 0, third = 0] = silence;

describe('loadWatched', () => {
  it('loads a page that speaks once', () => {
    const page = tab();
    vi.advanceTimersByTime(first - 1);
    page.speak();
    vi.advanceTimersByTime(10 * third);
    expect(page.load).toHaveBeenCalledTimes(1);
    expect(page.onSilent).not.toHaveBeenCalled();
  });

  it('loads a silent page again, each time with more patience, and gives up in the end', () => {
    const page = tab();
    vi.advanceTimersByTime(first);
    expect(page.load).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(second - 1);
    expect(page.load).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(1);
    expect(page.load).toHaveBeenCalledTimes(3);
    vi.advanceTimersByTime(third - 1);
    expect(page.onSilent).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1 + 10 * third);
    expect(page.load).toHaveBeenCalledTimes(3);
    expect(page.onSilent).toHaveBeenCalledTimes(1);
  });

  it('waits for a page only in sight, and anew each time it comes into sight', () => {
    const page = tab({ visible: false });
    vi.advanceTimersByTime(10 * third);
    expect(page.load).toHaveBeenCalledTimes(1);
    page.show(true);
    page.speak();
    page.show(false);
    page.show(true);
    page.show(true);
    vi.advanceTimersByTime(first);
    expect(page.load).toHaveBeenCalledTimes(2);
    page.show(false);
    vi.advanceTimersByTime(10 * third);
    expect(page.load).toHaveBeenCalledTimes(2);
  });

  it('asks nothing more of a page that has spoken and lives on out of sight', () => {
    const page = tab({ retainContextWhenHidden: true });
    page.speak();
    page.show(false);
    page.show(true);
    vi.advanceTimersByTime(10 * third);
    expect(page.load).toHaveBeenCalledTimes(1);
  });

  it.each(['watch', 'view'] as const)('ends with the %s', what => {
    const page = tab();
    if (what === 'watch') page.watch.dispose();
    else page.close();
    page.show(false);
    page.show(true);
    vi.advanceTimersByTime(10 * third);
    expect(page.load).toHaveBeenCalledTimes(1);
  });
});
