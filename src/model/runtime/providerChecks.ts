import type { ProviderCheck } from '../../common/providerCheck';
import type { Comparison } from './compareSessions';
import { deviceNames } from './deviceNames';
import type { Provider } from './providers';

/** The record of what became of `provider`; `comparison` is there where it ran beside the CPU. */
export function providerCheck(
  provider: Provider,
  outcome: ProviderCheck['outcome'],
  reason: string,
  comparison?: Pick<Comparison, 'difference' | 'timing'>,
): ProviderCheck {
  const { choice, runtime, label } = provider;
  const timing = comparison?.timing;
  return {
    choice,
    runtime,
    provider: label,
    devices: outcome === 'skipped' ? [] : deviceNames(provider),
    outcome,
    reason,
    difference: comparison?.difference,
    timing: timing && { height: timing.height, width: timing.width, milliseconds: timing.candidate },
  };
}
