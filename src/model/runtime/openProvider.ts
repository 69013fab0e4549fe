import { messageOf } from '../../common/errors';
import type { Network, RuntimeSession } from '../types';
import { openOnnxSession } from './onnx/openOnnxSession';
import type { Provider } from './providers';

export interface OpenProviderOptions {
  readonly log?: (message: string) => void;
  /** Threads of one operation on the CPU; one per core if undefined. */
  readonly threads?: number;
}

/** Loads a network on one execution provider; throws ONNX Runtime's error when the provider cannot start. */
export async function openProvider(
  network: Network,
  { executionProvider, label, environment = {} }: Provider,
  { log, threads }: OpenProviderOptions,
): Promise<RuntimeSession> {
  // Written before the driver is touched: if it takes the process down, the log tells which one did.
  log?.(`Starting ONNX Runtime on ${label}`);
  for (const [name, value] of Object.entries(environment)) process.env[name] ??= value;
  return openOnnxSession(network, { executionProvider, label, ...(threads === undefined ? {} : { threads }) });
}

/** What went wrong, in short: ONNX Runtime's messages begin with source positions. */
export function startFailure(error: unknown): string {
  const message = messageOf(error);
  const end = message.split(/ was false\. |\[ONNXRuntimeError\] : \d+ : \w+ : /).at(-1) ?? message;
  return end.trim().replace(/\.$/, '').slice(0, 200);
}
