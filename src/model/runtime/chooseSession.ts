import { CancelledError, throwIfCancelled } from '../../common/errors';
import type { Network, RuntimeSession } from '../types';
import type { Check, Comparison } from './compareSessions';
import { compareSessions } from './compareSessions';
import type { OpenProviderOptions } from './openProvider';
import { openProvider, startFailure } from './openProvider';
import { probeNetwork } from './probeNetwork';
import type { Provider } from './providers';
import { cpuProvider } from './providers';

/** On {@link probeNetwork}: finds wrong numbers and software GPUs soon. */
const probeChecks: readonly Check[] = [{ height: 64, width: 96, slowdown: 10 }];

/** On the network itself: a small input with odd grids, and a larger one on which the GPU must earn its place. */
const networkChecks: readonly Check[] = [
  { height: 64, width: 96, slowdown: 10 },
  { height: 256, width: 320, slowdown: 1 },
];

export interface ChooseSessionOptions extends OpenProviderOptions {
  readonly signal?: AbortSignal;
}

export interface ChosenSession {
  readonly session: RuntimeSession;
  /** Why this provider runs: one sentence to show. */
  readonly reason: string;
}

/** The first of `candidates` whose numbers agree with the CPU's and which is not slower than it; else the CPU. */
export async function chooseSession(
  network: Network,
  candidates: readonly Provider[],
  options: ChooseSessionOptions,
): Promise<ChosenSession> {
  const reference = await openProvider(network, cpuProvider, options);
  let refusal = 'no GPU provider exists on this platform';
  try {
    for (const provider of candidates) {
      throwIfCancelled(options.signal);
      const { session, sentence } = await tryProvider(network, provider, reference, options);
      options.log?.(sentence);
      if (session !== undefined) {
        await reference.dispose();
        return { session, reason: sentence };
      }
      // The last one tried, the portable one, is the one that most machines could have.
      refusal = sentence;
    }
  } catch (error) {
    await reference.dispose();
    throw error;
  }
  return { session: reference, reason: `CPU: ${refusal}` };
}

interface Outcome {
  readonly session: RuntimeSession | undefined;
  readonly sentence: string;
}

async function tryProvider(
  network: Network,
  provider: Provider,
  reference: RuntimeSession,
  options: ChooseSessionOptions,
): Promise<Outcome> {
  let session: RuntimeSession | undefined;
  try {
    const probe = await compareOnProbe(provider, options);
    if (!probe.keep) return { session, sentence: probe.sentence };
    session = await openProvider(network, provider, options);
    const { keep, sentence } = await compareSessions(session, reference, networkChecks, options);
    if (keep) return { session, sentence };
    await session.dispose();
    return { session: undefined, sentence };
  } catch (error) {
    await session?.dispose();
    if (error instanceof CancelledError) throw error;
    return { session: undefined, sentence: `${provider.label} does not run (${startFailure(error)})` };
  }
}

async function compareOnProbe(provider: Provider, options: ChooseSessionOptions): Promise<Comparison> {
  const network = probeNetwork();
  const candidate = await openProvider(network, provider, options);
  try {
    const reference = await openProvider(network, cpuProvider, { ...options, log: undefined });
    try {
      return await compareSessions(candidate, reference, probeChecks, options);
    } finally {
      await reference.dispose();
    }
  } finally {
    await candidate.dispose();
  }
}
