import { CancelledError, UserError, messageOf, throwIfCancelled } from '../../common/errors';
import type { RuntimeChoice } from '../../common/runtimeChoice';
import type { Network, RuntimeSession } from '../types';
import { compareSessions } from './compareSessions';
import { openOnnxSession } from './onnx/openOnnxSession';
import type { Provider } from './providers';
import { cpuProvider, gpuProviders, providersOn } from './providers';

export interface CreateSessionOptions {
  readonly signal?: AbortSignal;
  readonly log?: (message: string) => void;
  /** Threads of one operation on the CPU; one per core if undefined. */
  readonly threads?: number;
  /** The platform whose providers are offered; this one unless a test says otherwise. */
  readonly platform?: NodeJS.Platform;
}

export interface CreatedSession {
  readonly session: RuntimeSession;
  /** Why this provider runs: one sentence to show. */
  readonly reason: string;
}

/**
 * Loads a network on the chosen provider. `auto` tries the platform's GPU providers and keeps the first whose numbers
 * agree with the CPU's on fixed inputs and which is not slower than it; otherwise the CPU runs.
 *
 * @throws UserError when the chosen provider does not exist on this platform or does not start
 * @throws CancelledError when `signal` is aborted
 */
export async function createSession(
  network: Network,
  choice: RuntimeChoice,
  options: CreateSessionOptions = {},
): Promise<CreatedSession> {
  throwIfCancelled(options.signal);
  const available = providersOn(options.platform ?? process.platform);
  if (choice === 'auto') return chooseSession(network, available, options);
  const provider = [cpuProvider, ...gpuProviders].find(candidate => candidate.choice === choice);
  if (provider === undefined) throw new Error(`No provider for ${choice}.`);
  const remedy = `choose one of auto, ${available.map(candidate => candidate.choice).join(', ')} as runtime`;
  if (!available.includes(provider)) {
    throw new UserError(`${provider.label} does not exist on this platform`, { remedy });
  }
  try {
    const session = await open(network, provider, options);
    return { session, reason: `${provider.label} is chosen as runtime` };
  } catch (error) {
    throw new UserError(`${provider.label} does not start (${briefly(error)}), it needs ${provider.needs}`, {
      remedy,
      cause: error,
    });
  }
}

async function chooseSession(
  network: Network,
  available: readonly Provider[],
  options: CreateSessionOptions,
): Promise<CreatedSession> {
  const reference = await open(network, cpuProvider, options);
  const refusals: string[] = [];
  try {
    for (const provider of gpuProviders) {
      if (!available.includes(provider)) continue;
      throwIfCancelled(options.signal);
      const outcome = await tryProvider(network, provider, reference, options);
      if (outcome.session !== undefined) {
        await reference.dispose();
        return { session: outcome.session, reason: outcome.sentence };
      }
      options.log?.(outcome.sentence);
      refusals.push(outcome.sentence);
    }
  } catch (error) {
    await reference.dispose();
    throw error;
  }
  // The last one tried is the one that most machines could have.
  return { session: reference, reason: `CPU, as ${refusals.at(-1) ?? 'this platform has no GPU provider'}` };
}

interface Outcome {
  readonly session: RuntimeSession | undefined;
  readonly sentence: string;
}

async function tryProvider(
  network: Network,
  provider: Provider,
  reference: RuntimeSession,
  options: CreateSessionOptions,
): Promise<Outcome> {
  let session: RuntimeSession | undefined;
  try {
    session = await open(network, provider, options);
    const { keep, sentence } = await compareSessions(session, reference, options);
    if (keep) return { session, sentence };
    await session.dispose();
    return { session: undefined, sentence };
  } catch (error) {
    await session?.dispose();
    if (error instanceof CancelledError) throw error;
    return { session: undefined, sentence: `${provider.label} does not start (${briefly(error)})` };
  }
}

async function open(
  network: Network,
  { executionProvider, label, environment = {} }: Provider,
  { log, threads }: CreateSessionOptions,
): Promise<RuntimeSession> {
  // Written before the driver is touched: if it takes the process down, the log tells which one did.
  log?.(`Starting ONNX Runtime on ${label}`);
  for (const [name, value] of Object.entries(environment)) process.env[name] ??= value;
  return openOnnxSession(network, { executionProvider, label, ...(threads === undefined ? {} : { threads }) });
}

/** ONNX Runtime's messages begin with source positions; what went wrong stands at the end. */
function briefly(error: unknown): string {
  const message = messageOf(error);
  const end = message.split(/ was false\. |\[ONNXRuntimeError\] : \d+ : \w+ : /).at(-1) ?? message;
  return end.trim().replace(/\.$/, '').slice(0, 200);
}
