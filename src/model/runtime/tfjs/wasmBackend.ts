import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { TensorFlowBackend } from './tensorFlow';

/** What every Node this runs on takes: WebAssembly with 128-bit SIMD. Its threads work in browsers only. */
const binary = 'tfjs-backend-wasm-simd.wasm';

/**
 * TensorFlow.js on WebAssembly: one thread, 4 GiB of memory at most, of which XNNPACK's copies of weights and its tables
 * take a part.
 */
export async function wasmBackend(): Promise<TensorFlowBackend> {
  const backend = 'wasm';
  if (tf.getBackend() !== backend) {
    setWasmPaths(binaryFolder() + sep);
    await keepingListeners(() => tf.setBackend(backend));
  }
  return { tf, backend, label: 'WebAssembly', maxBytes: 2.5 * 2 ** 30 };
}

/** Beside the bundle, or where the package lies. */
function binaryFolder(): string {
  if (existsSync(join(__dirname, binary))) return __dirname;
  const require = createRequire(__filename);
  return dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));
}

/** Emscripten's glue listens for the process's uncaught errors, which are not its own: it goes without. */
async function keepingListeners<T>(task: () => Promise<T>): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map(event => process.listeners(event as 'uncaughtException'));
  const result = await task();
  for (const [index, event] of events.entries()) {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (!before[index].includes(listener)) process.removeListener(event, listener);
    }
  }
  return result;
}
