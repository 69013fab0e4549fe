import type * as core from '@tensorflow/tfjs-core';

/**
 * The part of TensorFlow.js that a network needs: of `@tensorflow/tfjs-core` itself, or of a package that exports it.
 *
 * However many copies of it a process loads, they share one engine and thus one current backend.
 */
export interface TensorFlow {
  readonly add: typeof core.add;
  readonly concat: typeof core.concat;
  readonly fused: Pick<typeof core.fused, 'conv2d'>;
  readonly getBackend: typeof core.getBackend;
  readonly image: Pick<typeof core.image, 'resizeNearestNeighbor'>;
  readonly maxPool: typeof core.maxPool;
  readonly mean: typeof core.mean;
  readonly memory: typeof core.memory;
  readonly mul: typeof core.mul;
  readonly pad: typeof core.pad;
  readonly relu: typeof core.relu;
  readonly reshape: typeof core.reshape;
  readonly rsqrt: typeof core.rsqrt;
  readonly setBackend: typeof core.setBackend;
  readonly split: typeof core.split;
  readonly square: typeof core.square;
  readonly stridedSlice: typeof core.stridedSlice;
  readonly sub: typeof core.sub;
  readonly tensor: typeof core.tensor;
  readonly tidy: typeof core.tidy;
  readonly transpose: typeof core.transpose;
}

/** TensorFlow.js and the backend that computes. */
export interface TensorFlowBackend {
  readonly tf: TensorFlow;
  /** Its name in TensorFlow.js. */
  readonly backend: string;
  /** Shown as the session's provider. */
  readonly label: string;
  /** Most bytes that the intermediate values of a forward pass may take. */
  readonly maxBytes: number;
}

/** @throws Error when the backend cannot be had */
export async function startBackend({ tf, backend }: TensorFlowBackend): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new Error(`the backend ${backend} of TensorFlow.js does not start`);
}

/**
 * Makes a started backend the current one until something is awaited: other sessions may then set theirs. For a backend
 * that has started, `setBackend` does all of its work before it returns its promise.
 */
export function useBackend({ tf, backend }: TensorFlowBackend): void {
  void tf.setBackend(backend);
}
