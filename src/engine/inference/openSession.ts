import type { RuntimeChoice } from '../../common/runtimeChoice';
import type { Network, RuntimeSession } from '../../model/types';
import { lazyNative } from '../lazyNative';

export interface OpenSessionOptions {
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((message: string) => void) | undefined;
  /** Threads of one operation on the CPU; by default what the runtime chooses. */
  readonly threads?: number | undefined;
  /** Called when the session has died by itself: no run will succeed any more. */
  readonly onLost?: (() => void) | undefined;
}

export interface OpenedSession {
  readonly session: RuntimeSession;
  /** Why its provider runs, in a sentence. */
  readonly reason: string;
}

/** Loads a network for inference. The network is the opener's from then on: its weights may be gone afterwards. */
export type OpenSession = (
  network: Network,
  choice: RuntimeChoice,
  options: OpenSessionOptions,
) => Promise<OpenedSession>;

/** Runs the network on the calling thread, whose event loop stands still during a forward pass. */
export const openSessionHere: OpenSession = async (network, choice, { signal, log, threads }) => {
  const { createSession } = await lazyNative(
    'the inference runtime',
    () => import('../../model/runtime/createSession'),
  );
  return createSession(network, choice, {
    ...(signal === undefined ? {} : { signal }),
    ...(log === undefined ? {} : { log }),
    ...(threads === undefined ? {} : { threads }),
  });
};
