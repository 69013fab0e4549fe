/** What the inference thread and its owner say to each other. */
import type { RuntimeChoice } from '../../common/runtimeChoice';
import type { TriedProvider } from '../../model/runtime/chooseSession';
import type { ForwardResult, Network } from '../../model/types';
import type { OpenedSession, OpenSessionOptions } from './openSession';

export interface InferenceMethods {
  /** Loads the thread's one network. */
  open: {
    params: {
      network: Network;
      choice: RuntimeChoice;
      options: Pick<OpenSessionOptions, 'threads' | 'exclude' | 'tensorFlowFolders'>;
    };
    result: Omit<OpenedSession, 'session'> & { runtime: string; provider: string };
  };
  run: { params: { input: Float32Array; height: number; width: number }; result: ForwardResult };
  /** What the thread said of the provider that it tries next has been heard: it may go on. */
  proceed: { params: undefined; result: null };
  /** Frees the network; the thread may be ended afterwards. */
  release: { params: undefined; result: null };
}

export interface InferenceSide {
  methods: InferenceMethods;
  events: { log: string; trying: TriedProvider };
}

/** All weights of a network. */
export function weightsOf(network: Network): Float32Array[] {
  return network.nodes.flatMap(node => Object.values(node).filter(value => value instanceof Float32Array));
}
