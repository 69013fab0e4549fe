import { UserError, throwIfCancelled } from '../../common/errors';
import type { RuntimeChoice } from '../../common/runtimeChoice';
import type { Network } from '../types';
import type { ChooseSessionOptions, ChosenSession } from './chooseSession';
import { chooseSession } from './chooseSession';
import { openProvider, startFailure } from './openProvider';
import { allProviders, cpuProvider, providersOn } from './providers';

/**
 * Loads a network on the chosen provider. `auto` tries the platform's GPU providers and keeps the first whose numbers
 * agree with the CPU's on fixed inputs and which is not slower than it; otherwise the CPU runs.
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
  if (choice === 'auto') {
    const candidates = available.filter(provider => provider !== cpuProvider);
    return chooseSession(network, candidates, options);
  }
  const provider = allProviders.find(candidate => candidate.choice === choice);
  if (provider === undefined) throw new Error(`No provider for ${choice}.`);
  const others = available.filter(candidate => candidate !== provider).map(candidate => candidate.choice);
  const remedy = `choose one of ${['auto', ...others].join(', ')} as runtime`;
  if (!available.includes(provider)) {
    throw new UserError(`${provider.label} does not exist on this platform`, { remedy });
  }
  try {
    const session = await openProvider(network, provider, options);
    return { session, reason: `${provider.label} is chosen as runtime` };
  } catch (error) {
    throw new UserError(`${provider.label} does not start (${startFailure(error)}), it needs ${provider.needs}`, {
      remedy,
      cause: error,
    });
  }
}
