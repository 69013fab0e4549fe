/** What the inference thread and its owner say to each other. */
import type { RuntimeChoice } from '../../common/runtimeChoice';
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
  /** Frees the network; the thread may be ended afterwards. */
  release: { params: undefined; result: null };
}

export interface InferenceSide {
  methods: InferenceMethods;
  events: { log: string };
}

/** All weights of a network. */
export function weightsOf(network: Network): Float32Array[] {
  return network.nodes.flatMap(node => Object.values(node).filter(value => value instanceof Float32Array));
}
