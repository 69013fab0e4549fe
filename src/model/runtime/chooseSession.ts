import type { ProviderCheck } from '../../common/providerCheck';
import type { ProviderChoice } from '../../common/runtimeChoice';
import { CancelledError, throwIfCancelled } from '../../common/errors';
import type { Network, RuntimeSession } from '../types';
import type { Check, Comparison } from './compareSessions';
import { compareSessions } from './compareSessions';
import type { OpenProviderOptions } from './openProvider';
import { openProvider, startFailure } from './openProvider';
import { probeNetwork } from './probeNetwork';
import { providerCheck } from './providerChecks';
import type { Provider } from './providers';
import { cpuProvider } from './providers';

/** On {@link probeNetwork}: finds wrong numbers and software GPUs soon. */
const probeChecks: readonly Check[] = [{ height: 64, width: 96, slowdown: 10 }];

/** On the network itself: a small input with odd grids, and a larger one on which the GPU must earn its place. */
const networkChecks: readonly Check[] = [
  { height: 64, width: 96, slowdown: 10 },
  { height: 256, width: 320, slowdown: 1 },
];

export type TriedProvider = Pick<Provider, 'choice' | 'label'>;

export interface ChooseSessionOptions extends OpenProviderOptions {
  readonly signal?: AbortSignal;
  /** Providers that must not be tried: they took a process down before. */
  readonly exclude?: readonly ProviderChoice[];
  /** Told which provider is tried next, which waits until that is done: it may take the process down. */
  readonly onTrying?: (provider: TriedProvider) => void | Promise<void>;
}

export interface ChosenSession {
  readonly session: RuntimeSession;
  /** Why this provider runs: one sentence to show. */
  readonly reason: string;
  /** What became of every provider considered, in the order in which they were. */
  readonly checks: readonly ProviderCheck[];
}

/**
 * The first of `candidates` whose numbers agree with the CPU's and which is not slower than it; else the CPU.
 *
 * @param none why there is no candidate, where there is none
 * @param open starts a provider; for tests
 * @throws Error of ONNX Runtime when not even the CPU starts
 */
export async function chooseSession(
  network: Network,
  candidates: readonly Provider[],
  none: string,
  options: ChooseSessionOptions,
  open: OpenProvider = openProvider,
): Promise<ChosenSession> {
  const reference = await open(network, cpuProvider, options);
  const checks: ProviderCheck[] = [];
  let compared: Comparison | undefined;
  // The last one tried, the portable one, is the one that most machines could have.
  const refusal = (): string => checks.at(-1)?.reason ?? none;
  try {
    throwIfCancelled(options.signal);
    for (const provider of candidates) {
      const { session, check, comparison } = await tryProvider(network, provider, reference, options, open);
      options.log?.(check.reason);
      checks.push(check);
      compared = comparison ?? compared;
      if (session !== undefined) {
        await reference.dispose();
        checks.push(providerCheck(cpuProvider, 'reference', 'the others are compared with it', swapped(compared)));
        return { session, reason: check.reason, checks };
      }
      throwIfCancelled(options.signal);
    }
  } catch (error) {
    await reference.dispose();
    throw error;
  }
  const reason = `CPU: ${refusal()}`;
  checks.push(providerCheck(cpuProvider, 'chosen', refusal(), swapped(compared)));
  return { session: reference, reason, checks };
}

/** The reference's side of a comparison. */
function swapped(comparison: Comparison | undefined): Pick<Comparison, 'difference' | 'timing'> | undefined {
  if (comparison?.timing === undefined) return undefined;
  const { timing } = comparison;
  return { difference: 0, timing: { ...timing, candidate: timing.reference } };
}

type OpenProvider = typeof openProvider;

interface Outcome {
  readonly session: RuntimeSession | undefined;
  readonly check: ProviderCheck;
  /** On the network itself, not the probe. */
  readonly comparison: Comparison | undefined;
}

async function tryProvider(
  network: Network,
  provider: Provider,
  reference: RuntimeSession,
  options: ChooseSessionOptions,
  open: OpenProvider,
): Promise<Outcome> {
  if (options.exclude?.includes(provider.choice)) {
    const reason = crashedBefore(provider);
    return { session: undefined, check: providerCheck(provider, 'skipped', reason), comparison: undefined };
  }
  await options.onTrying?.({ choice: provider.choice, label: provider.label });
  let session: RuntimeSession | undefined;
  try {
    const probe = await compareOnProbe(provider, options, open);
    if (!probe.keep) {
      const { difference } = probe;
      const check = providerCheck(provider, 'refused', probe.sentence, { difference, timing: undefined });
      return { session, check, comparison: undefined };
    }
    session = await open(network, provider, options);
    const comparison = await compareSessions(session, reference, networkChecks, options);
    const check = providerCheck(provider, comparison.keep ? 'chosen' : 'refused', comparison.sentence, comparison);
    if (comparison.keep) return { session, check, comparison };
    await session.dispose();
    return { session: undefined, check, comparison };
  } catch (error) {
    await session?.dispose();
    if (error instanceof CancelledError) throw error;
    const reason = `${provider.label} does not run (${startFailure(error)})`;
    return { session: undefined, check: providerCheck(provider, 'failed', reason), comparison: undefined };
  }
}

/** Why an excluded provider is not tried. */
export function crashedBefore({ label }: Pick<Provider, 'label'>): string {
  return `${label} took its process down before and is not tried`;
}

async function compareOnProbe(
  provider: Provider,
  options: ChooseSessionOptions,
  open: OpenProvider,
): Promise<Comparison> {
  const network = probeNetwork();
  const candidate = await open(network, provider, options);
  try {
    const reference = await open(network, cpuProvider, { ...options, log: undefined });
    try {
      return await compareSessions(candidate, reference, probeChecks, options);
    } finally {
      await reference.dispose();
    }
  } finally {
    await candidate.dispose();
  }
}
