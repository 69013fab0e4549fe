/** What a process says of the provider that runs its network, so that others know whom to blame should it die. */
import type { ProviderChoice } from '../common/runtimeChoice';

export interface ProviderInUse {
  readonly choice: ProviderChoice;
  /** Its name as shown, such as `WebGPU`. */
  readonly provider: string;
  /** Under the runtime `auto`, which can do without it; else it was asked for by name. */
  readonly automatic: boolean;
}

/** `trying` goes out before the provider's driver is touched, `running` once it runs a model. */
export type ProviderPhase = { readonly phase: 'idle' } | ({ readonly phase: 'trying' | 'running' } & ProviderInUse);

/** How a process ended, as Node tells it. */
export interface ProcessEnding {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Signals of a process that broke down. Others come from outside: a person, or a system that is out of memory. */
const crashSignals = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP', 'SIGSYS'];

/** What runs in this project's own or Node's code, and never is the reason. */
const harmless: readonly ProviderChoice[] = ['cpu', 'wasm'];

/**
 * The provider that took a process down.
 *
 * @param phase what the process said last
 * @param ownCodes exit codes that the process gives of itself
 */
export function crashedProvider(
  phase: ProviderPhase | undefined,
  { code, signal }: ProcessEnding,
  ownCodes: readonly number[] = [],
): ProviderInUse | undefined {
  if (phase === undefined || phase.phase === 'idle' || harmless.includes(phase.choice)) return undefined;
  // Windows tells crashes as exit codes, and a driver may end the process by itself.
  const crashed = signal === null ? code !== null && !ownCodes.includes(code) : crashSignals.includes(signal);
  const { choice, provider, automatic } = phase;
  return crashed ? { choice, provider, automatic } : undefined;
}

/** Such as `signal SIGSEGV` or `exit code 3`. */
export function endingWords({ code, signal }: ProcessEnding): string {
  return signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
}
