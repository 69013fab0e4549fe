import { describe, expect, it, vi } from 'vitest';
import type { LensState } from '../../../src/protocol/messages';
import type { LensTransport } from '../../../src/webview/transport/lensTransport';
import { StateFollower } from '../../../src/webview/transport/stateFollower';

interface Answer {
  revision: number;
  state: LensState;
}

/** A host whose answers the test gives one by one. */
function host() {
  const waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  let announce: (revision: number) => void = () => undefined;
  const transport = {
    hosted: true,
    request: () => new Promise((resolve, reject) => waiting.push({ resolve, reject })),
    onStateChanged: (listener: (revision: number) => void) => {
      announce = listener;
      return { dispose: () => (announce = () => undefined) };
    },
    loadView: () => undefined,
    saveView: () => undefined,
  } as unknown as LensTransport;
  const settle = async (act: (pull: (typeof waiting)[number]) => void) => {
    const pull = waiting.shift();
    if (pull === undefined) throw new Error('Nothing was asked');
    act(pull);
    await new Promise(resolve => setTimeout(resolve, 0));
  };
  return {
    transport,
    waiting,
    announce: (revision: number) => announce(revision),
    answer: (revision: number) =>
      settle(pull => pull.resolve({ revision, state: { kind: 'cancelled', title: String(revision) } })),
    fail: (message: string) => settle(pull => pull.reject(new Error(message))),
  };
}

function follow(transport: LensTransport) {
  const shown: string[] = [];
  const follower = new StateFollower(transport, state =>
    shown.push(state.kind === 'failed' ? `failed: ${state.message}` : state.title),
  );
  return { shown, follower };
}

describe('following the host', () => {
  it('asks again when nothing comes back', async () => {
    vi.useFakeTimers();
    try {
      const { transport, waiting } = host();
      const { shown, follower } = follow(transport);
      const started = follower.start();
      await vi.advanceTimersByTimeAsync(4000);
      expect(waiting).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(2000);
      expect(waiting).toHaveLength(2);
      waiting[0]?.resolve({ revision: 3, state: { kind: 'cancelled', title: 'late' } });
      await started;
      expect(shown).toEqual(['late']);
      await vi.advanceTimersByTimeAsync(20_000);
      expect(waiting).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('pulls at the start and on every announcement', async () => {
    const { transport, answer, announce } = host();
    const { shown, follower } = follow(transport);
    void follower.start();
    await answer(1);
    announce(2);
    await answer(2);
    expect(shown).toEqual(['1', '2']);
    expect(follower.revision).toBe(2);
  });

  it('asks once more when something changed while it asked, and not once a change', async () => {
    const { transport, answer, announce, waiting } = host();
    const { shown, follower } = follow(transport);
    void follower.start();
    announce(2);
    announce(3);
    announce(4);
    expect(waiting).toHaveLength(1);
    await answer(1);
    expect(waiting).toHaveLength(1);
    await answer(4);
    expect(waiting).toHaveLength(0);
    expect(shown).toEqual(['1', '4']);
  });

  it('drops stale answers and announcements', async () => {
    const { transport, answer, announce, waiting } = host();
    const { shown, follower } = follow(transport);
    void follower.start();
    await answer(5);
    announce(4);
    expect(waiting).toHaveLength(0);
    announce(6);
    await answer(3);
    expect(shown).toEqual(['5']);
  });

  it('shows nothing any more once it is disposed', async () => {
    const { transport, answer, announce, waiting } = host();
    const { shown, follower } = follow(transport);
    void follower.start();
    await answer(1);
    announce(2);
    follower.dispose();
    await answer(2);
    announce(3);
    expect(waiting).toHaveLength(0);
    expect(shown).toEqual(['1']);
  });

  it('shows a failure to answer and recovers', async () => {
    const { transport, answer, announce, fail } = host();
    const { shown, follower } = follow(transport);
    void follower.start();
    await fail('the other side has closed');
    announce(1);
    await answer(1);
    expect(shown).toEqual(['failed: the other side has closed', '1']);
  });
});
