/** All of TensorFlow.js that the rest of the program needs, loaded when it is used: a bundle of its own. */
import type { Network, RuntimeSession } from '../../types';
import { findTensorFlow } from './findTensorFlow';
import { loadTensorFlow } from './loadTensorFlow';
import { openTfjsSession } from './openTfjsSession';
import { wasmBackend } from './wasmBackend';

/**
 * Loads a network on WebAssembly.
 *
 * @throws Error when WebAssembly or its binary is missing
 */
export async function openWasmSession(network: Network): Promise<RuntimeSession> {
  return openTfjsSession(network, await wasmBackend());
}

/**
 * Loads a network into the native TensorFlow.js of one of `folders`.
 *
 * @param folders trusted folders in whose `node_modules` it may be
 * @throws Error when there is none, or it does not load
 */
export async function openTensorFlowSession(
  network: Network,
  folders: readonly string[],
  log: (message: string) => void = () => undefined,
): Promise<RuntimeSession> {
  const installed = await findTensorFlow(folders);
  if (installed === undefined) throw new Error('it is not installed');
  log(`Loading ${installed.name} ${installed.version} from ${installed.folder}`);
  return openTfjsSession(network, loadTensorFlow(installed));
}
