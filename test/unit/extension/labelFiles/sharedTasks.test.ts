import { describe, expect, it } from 'vitest';
import { SharedTasks } from '../../../../src/extension/labelFiles/sharedTasks';

function cancellation() {
  const listeners = new Set<() => void>();
  const token = {
    isCancellationRequested: false,
    onCancellationRequested(listener: () => void) {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
  };
  const cancel = () => {
    token.isCancellationRequested = true;
    for (const listener of [...listeners]) listener();
  };
  return { token, cancel, listeners };
}

/** Analyses that end when they are told to; what is aborted gives false. */
function analyses() {
  const tasks = new SharedTasks<boolean>();
  const started: { readonly signal: AbortSignal; readonly finish: () => void; readonly fail: (e: Error) => void }[] =
    [];
  const analyze = (token?: ReturnType<typeof cancellation>['token']) =>
    tasks.join('image', token, false, signal => {
      return new Promise<boolean>((resolve, reject) => {
        started.push({ signal, finish: () => resolve(true), fail: reject });
        signal.addEventListener('abort', () => resolve(false));
      });
    });
  return { started, analyze };
}

describe('analyses of one image', () => {
  it('are one as long as somebody waits: a hover that goes takes nothing from who asked for it', async () => {
    const { started, analyze } = analyses();
    const hover = cancellation();
    const request = cancellation();
    const hovered = analyze(hover.token);
    const asked = analyze(request.token);
    hover.cancel();
    expect(await hovered).toBe(false);
    expect(started.map(({ signal }) => signal.aborted)).toEqual([false]);
    started[0]?.finish();
    expect(await asked).toBe(true);
    expect(hover.listeners.size + request.listeners.size).toBe(0);
  });

  it('are given up when nobody waits any more, and started again for the next one', async () => {
    const { started, analyze } = analyses();
    const [first, second] = [cancellation(), cancellation()];
    const both = [analyze(first.token), analyze(second.token)];
    first.cancel();
    second.cancel();
    const third = analyze();
    expect(await Promise.all(both)).toEqual([false, false]);
    expect(started.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    started[1]?.finish();
    expect(await third).toBe(true);
  });

  it('go on where one waits who cannot be cancelled', async () => {
    const { started, analyze } = analyses();
    const quiet = analyze();
    const hover = cancellation();
    const hovered = analyze(hover.token);
    hover.cancel();
    expect(await hovered).toBe(false);
    started[0]?.finish();
    expect(await quiet).toBe(true);
    expect(started).toHaveLength(1);
  });

  it('fail for all who wait, and are tried again by the next one', async () => {
    const { started, analyze } = analyses();
    const both = [analyze(), analyze(cancellation().token)];
    started[0]?.fail(new Error('no such model'));
    for (const one of both) await expect(one).rejects.toThrow('no such model');
    void analyze();
    expect(started).toHaveLength(2);
  });

  it('are not started for one who has gone already', async () => {
    const { started, analyze } = analyses();
    const gone = cancellation();
    gone.cancel();
    expect(await analyze(gone.token)).toBe(false);
    expect(started).toEqual([]);
  });
});
