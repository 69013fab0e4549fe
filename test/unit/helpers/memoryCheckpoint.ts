import { UserError } from '../../../src/common/errors';
import type { Checkpoint, TensorDtype, TensorInfo } from '../../../src/model/types';

export interface MemoryTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly dtype?: TensorDtype;
}

/** A checkpoint in memory; every read returns a copy, as reading a file does. */
export function memoryCheckpoint(tensors: ReadonlyMap<string, MemoryTensor>, file = 'memory.pth'): Checkpoint {
  const infos = new Map<string, TensorInfo>(
    [...tensors].map(([name, { shape, dtype = 'F32' }]) => [name, { name, dtype, shape }]),
  );
  return {
    file,
    tensors: infos,
    notes: [],
    read: name => {
      const tensor = tensors.get(name);
      if (tensor === undefined) return Promise.reject(new UserError('no such tensor', { where: `${file}: ${name}` }));
      return Promise.resolve(tensor.values.slice());
    },
    close: () => Promise.resolve(),
  };
}
