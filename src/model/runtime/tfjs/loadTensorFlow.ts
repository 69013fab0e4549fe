import { createRequire } from 'node:module';
import util from 'node:util';
import type { InstalledTensorFlow } from './findTensorFlow';
import type { TensorFlow, TensorFlowBackend } from './tensorFlow';

/** Every function of {@link TensorFlow} but those inside `fused` and `image`. */
const functions = [
  ...(['add', 'concat', 'getBackend', 'maxPool', 'mean', 'memory', 'mul', 'pad', 'relu', 'reshape', 'rsqrt'] as const),
  ...(['setBackend', 'split', 'square', 'stridedSlice', 'sub', 'tensor', 'tidy', 'transpose'] as const),
] satisfies (keyof TensorFlow)[];

/**
 * Loads a native TensorFlow.js, which runs its code and libraries in this process.
 *
 * @throws Error when it does not load, or is not what its name says
 */
export function loadTensorFlow({ name, version, folder }: InstalledTensorFlow): TensorFlowBackend {
  supplyRemovedFunctions(util);
  const tf: unknown = createRequire(__filename)(folder);
  if (!isTensorFlow(tf)) throw new Error(`${folder} lacks functions of TensorFlow.js`);
  const label = `TensorFlow (${name.slice(name.indexOf('/') + 1)} ${version})`;
  return { tf, backend: 'tensorflow', label, maxBytes: Infinity };
}

/** TensorFlow.js 4.22 calls two functions of `node:util` that Node 23 has removed. */
export function supplyRemovedFunctions(target: { isNullOrUndefined?: unknown; isArray?: unknown }): void {
  target.isNullOrUndefined ??= (value: unknown): boolean => value === null || value === undefined;
  target.isArray ??= Array.isArray;
}

function isTensorFlow(value: unknown): value is TensorFlow {
  if (typeof value !== 'object' || value === null) return false;
  const { fused, image, ...rest } = value as Partial<Record<keyof TensorFlow, unknown>>;
  const has = (owner: unknown, name: string): boolean =>
    typeof (owner as Record<string, unknown> | undefined)?.[name] === 'function';
  return functions.every(name => has(rest, name)) && has(fused, 'conv2d') && has(image, 'resizeNearestNeighbor');
}
