import { toDisposable } from '../../../src/common/disposables';
import type { Transport } from '../../../src/common/messageHandler';

export interface ChannelEnd extends Transport {
  /** What this end sent, in order. */
  readonly sent: unknown[];
  readonly listeners: Set<(message: unknown) => void>;
  /** Delivers a message to this end as if the other one had sent it. */
  deliver(message: unknown): void;
}

/** Two ends that hand each other structured clones, one macrotask later, as processes and frames do. */
export function channel(): [ChannelEnd, ChannelEnd] {
  const ends = [end(), end()] as const;
  const connect = (from: ChannelEnd, to: ChannelEnd) => {
    from.send = message => {
      const clone: unknown = structuredClone(message);
      from.sent.push(clone);
      setImmediate(() => to.deliver(clone));
    };
  };
  connect(ends[0], ends[1]);
  connect(ends[1], ends[0]);
  return [ends[0], ends[1]];
}

function end(): ChannelEnd {
  const listeners = new Set<(message: unknown) => void>();
  return {
    sent: [],
    listeners,
    send: () => undefined,
    deliver: message => [...listeners].forEach(listener => listener(message)),
    onMessage(listener) {
      listeners.add(listener);
      return toDisposable(() => listeners.delete(listener));
    },
  };
}

/** Lets everything that is under way on the channel arrive. */
export async function settleChannel(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await new Promise(resolve => setImmediate(resolve));
}
