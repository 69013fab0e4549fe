import type { ProviderCheck } from '../../common/providerCheck';
import { CancelledError, UserError, throwIfCancelled } from '../../common/errors';
import type { RuntimeChoice } from '../../common/runtimeChoice';
import type { Network } from '../types';
import type { ChooseSessionOptions, ChosenSession } from './chooseSession';
import { chooseSession, crashedBefore } from './chooseSession';
import { mayHaveGpu } from './gpuDevices';
import { openProvider, startFailure } from './openProvider';
import { providerCheck } from './providerChecks';
import type { Provider } from './providers';
import { cpuProvider, providersOn, allProviders, tensorFlowProvider, wasmProvider } from './providers';

/**
 * Loads a network on the chosen provider. `auto` tries the platform's GPU providers and keeps the first whose numbers
 * agree with the CPU's on fixed inputs and which is not slower than it; otherwise the CPU runs. Where ONNX Runtime
 * cannot be loaded, TensorFlow.js runs: a native one if it is installed, else WebAssembly.
 *
 * @param platform whose providers are offered
 * @throws UserError when the chosen provider does not exist on this platform or does not start
 * @throws CancelledError when `signal` is aborted
 */
export async function createSession(
  network: Network,
  choice: RuntimeChoice,
  options: ChooseSessionOptions = {},
  platform: NodeJS.Platform = process.platform,
): Promise<ChosenSession> {
  throwIfCancelled(options.signal);
  const available = providersOn(platform);
  if (choice === 'auto') return createAutomatically(network, available, options, platform);

  const provider = allProviders.find(candidate => candidate.choice === choice);
  if (provider === undefined) throw new Error(`No provider for ${choice}.`);
  const others = available.filter(candidate => candidate !== provider).map(candidate => candidate.choice);
  const remedy = `choose one of ${['auto', ...others].join(', ')} as runtime`;
  if (!available.includes(provider)) {
    throw new UserError(`${provider.label} does not exist on this platform`, { remedy });
  }
  const refused = (why: string, cause?: unknown) =>
    new UserError(`${provider.label} does not start (${why}), it needs ${provider.needs}`, { remedy, cause });
  // Its libraries would look for a device all the same, and print lines of their own.
  if (provider.choice === 'webgpu' && !mayHaveGpu(platform)) throw refused(noDevice);
  if (options.exclude?.includes(choice)) {
    throw new UserError(crashedBefore(provider), { remedy: `restart the engine to try it again, or ${remedy}` });
  }
  await options.onTrying?.({ choice, label: provider.label });
  try {
    const session = await openProvider(network, provider, options);
    const reason = `${provider.label} is chosen as runtime`;
    return { session, reason, checks: [providerCheck(provider, 'chosen', reason)] };
  } catch (error) {
    throw refused(startFailure(error), error);
  }
}

const noDevice = 'no GPU device was found';

async function createAutomatically(
  network: Network,
  available: readonly Provider[],
  options: ChooseSessionOptions,
  platform: NodeJS.Platform,
): Promise<ChosenSession> {
  const hasGpu = mayHaveGpu(platform);
  const candidates = hasGpu ? available.filter(({ gpu }) => gpu) : [];
  const none = hasGpu ? 'no GPU provider exists on this platform' : noDevice;
  try {
    return await chooseSession(network, candidates, none, options);
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    return createWithoutOnnxRuntime(network, error, options);
  }
}

/** TensorFlow.js, because of `cause`. */
async function createWithoutOnnxRuntime(
  network: Network,
  cause: unknown,
  options: ChooseSessionOptions,
): Promise<ChosenSession> {
  const trouble = `ONNX Runtime does not run (${startFailure(cause)})`;
  options.log?.(trouble);
  const checks: ProviderCheck[] = [providerCheck(cpuProvider, 'failed', trouble)];
  for (const provider of [tensorFlowProvider, wasmProvider]) {
    throwIfCancelled(options.signal);
    if (options.exclude?.includes(provider.choice)) {
      checks.push(providerCheck(provider, 'skipped', crashedBefore(provider)));
      continue;
    }
    await options.onTrying?.({ choice: provider.choice, label: provider.label });
    try {
      const session = await openProvider(network, provider, options);
      checks.push(providerCheck(provider, 'chosen', trouble));
      return { session, reason: `${provider.label}: ${trouble}`, checks };
    } catch (error) {
      const reason = `${provider.label} does not run (${startFailure(error)})`;
      options.log?.(reason);
      checks.push(providerCheck(provider, 'failed', reason));
    }
  }
  throw new UserError(checks.map(({ reason }) => reason).join(', '), {
    remedy: 'install Focal Lens for this platform again',
    cause,
  });
}
