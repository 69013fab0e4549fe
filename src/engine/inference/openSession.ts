import type { ProviderCheck } from '../../common/providerCheck';
import type { ProviderChoice, RuntimeChoice } from '../../common/runtimeChoice';
import type { TriedProvider } from '../../model/runtime/chooseSession';
import type { Network, RuntimeSession } from '../../model/types';
import { lazyNative } from '../lazyNative';

export interface OpenSessionOptions {
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((message: string) => void) | undefined;
  /** Threads of one operation on the CPU; by default what the runtime chooses. */
  readonly threads?: number | undefined;
  /** Providers that `auto` must not try. */
  readonly exclude?: readonly ProviderChoice[] | undefined;
  /** Trusted folders in whose `node_modules` a native TensorFlow.js may be. */
  readonly tensorFlowFolders?: readonly string[] | undefined;
  /** Told which provider is tried next; it waits until that is done. */
  readonly onTrying?: ((provider: TriedProvider) => void | Promise<void>) | undefined;
  /** Called when the session has died by itself: no run will succeed any more. */
  readonly onLost?: (() => void) | undefined;
}

export interface OpenedSession {
  readonly session: RuntimeSession;
  /** Why its provider runs, in a sentence. */
  readonly reason: string;
  /** What became of every provider considered. */
  readonly checks: readonly ProviderCheck[];
}

/** Loads a network for inference. The network is the opener's from then on: its weights may be gone afterwards. */
export type OpenSession = (
  network: Network,
  choice: RuntimeChoice,
  options: OpenSessionOptions,
) => Promise<OpenedSession>;

/** Runs the network on the calling thread, whose event loop stands still during a forward pass. */
export const openSessionHere: OpenSession = async (network, choice, options) => {
  const { createSession } = await lazyNative(
    'the inference runtime',
    () => import('../../model/runtime/createSession'),
  );
  const { signal, log, threads, exclude, tensorFlowFolders, onTrying } = options;
  return createSession(network, choice, {
    ...(signal === undefined ? {} : { signal }),
    ...(log === undefined ? {} : { log }),
    ...(threads === undefined ? {} : { threads }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(tensorFlowFolders === undefined ? {} : { tensorFlowFolders }),
    ...(onTrying === undefined ? {} : { onTrying }),
  });
};
