import { messageOf } from '../../common/errors';
import type { Network, RuntimeSession } from '../types';
import type { Provider } from './providers';

export interface OpenProviderOptions {
  readonly log?: (message: string) => void;
  /** Threads of one operation on the CPU with ONNX Runtime; one per core if undefined. */
  readonly threads?: number;
  /** Trusted folders in whose `node_modules` a native TensorFlow.js may be. */
  readonly tensorFlowFolders?: readonly string[];
}

/** Loads a network on one provider; throws the runtime's error when the provider cannot start. */
export async function openProvider(
  network: Network,
  provider: Provider,
  options: OpenProviderOptions,
): Promise<RuntimeSession> {
  const { name, label, runtime, environment = {} } = provider;
  // Written before the driver is touched: if it takes the process down, the log tells which one did.
  options.log?.(`Starting ${runtime} on ${label}`);
  for (const [variable, value] of Object.entries(environment)) process.env[variable] ??= value;
  // Each runtime is loaded when it is used, and may be missing.
  if (runtime === 'TensorFlow.js') {
    const { openTensorFlowSession, openWasmSession } = await import('./tfjs/openTfjsProvider');
    if (provider.choice === 'wasm') return openWasmSession(network);
    return openTensorFlowSession(network, options.tensorFlowFolders ?? [], options.log);
  }
  const { openOnnxSession } = await import('./onnx/openOnnxSession');
  const { threads } = options;
  return openOnnxSession(network, { executionProvider: name, label, ...(threads === undefined ? {} : { threads }) });
}

/** What went wrong, in short: ONNX Runtime's messages begin with source positions, Node's end with a list of files. */
export function startFailure(error: unknown): string {
  const message = messageOf(error).split(' Require stack: ')[0] ?? '';
  const end = message.split(/ was false\. |\[ONNXRuntimeError\] : \d+ : \w+ : /).at(-1) ?? message;
  return end.trim().replace(/\.$/, '').slice(0, 200);
}
