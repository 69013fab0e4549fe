import { CancelledError, UserError, messageOf } from '../../common/errors';
import { runtimeChoices, type ProviderChoice } from '../../common/runtimeChoice';
import {
  benchmarkMarkdown,
  type BenchmarkOutcome,
  type BenchmarkRequest,
  type BenchmarkRow,
} from '../../protocol/benchmark';
import { EngineClient, type EngineClientOptions } from '../engineClient';

export interface BenchmarkRuntimesOptions {
  readonly signal: AbortSignal;
  readonly onRuntime: (choice: ProviderChoice) => void;
  /** Told of each that ran. */
  readonly onRan?: (choice: ProviderChoice) => void;
}

/**
 * Measures every runtime of this machine, each in an engine of its own: one that takes its engine down is a row of the
 * table that says so.
 *
 * @returns a Markdown document
 * @throws UserError on bad input, which is the same for every runtime
 */
export async function benchmarkRuntimes(
  engine: Pick<EngineClientOptions, 'enginePath' | 'modelDefaults' | 'onLog' | 'execPath' | 'env'>,
  request: Omit<BenchmarkRequest, 'model'> & { readonly model: Omit<BenchmarkRequest['model'], 'runtime'> },
  { signal, onRuntime, onRan }: BenchmarkRuntimesOptions,
): Promise<string> {
  const outcomes: BenchmarkOutcome[] = [];
  const crashes: BenchmarkRow[] = [];
  for (const choice of runtimeChoices) {
    if (choice === 'auto') continue;
    if (signal.aborted) throw new CancelledError();
    onRuntime(choice);
    let died = false;
    const client = new EngineClient({
      ...engine,
      onExit: ({ unexpected }) => {
        died = unexpected;
      },
    });
    try {
      const model = { ...request.model, runtime: choice };
      const outcome = await client.request('benchmarkRuntime', { ...request, model }, { signal });
      if (outcome === null) continue;
      outcomes.push(outcome);
      if (!('failure' in outcome.row.result)) onRan?.(choice);
    } catch (error) {
      if (!died) throw error;
      const failure = error instanceof UserError ? error.what : messageOf(error);
      crashes.push({ choice, runtime: '', provider: choice, devices: [], result: { failure } });
    } finally {
      client.dispose();
    }
  }
  const { setting } = outcomes.find(outcome => outcome.setting.anchors > 0) ?? outcomes[0] ?? {};
  return benchmarkMarkdown(setting, [...outcomes.map(({ row }) => row), ...crashes]);
}
