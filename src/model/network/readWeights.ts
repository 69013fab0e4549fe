import { UserError } from '../../common/errors';
import type { Checkpoint } from '../types';

/**
 * Values of one tensor, all of them finite.
 *
 * @throws UserError naming the tensor and the first value that is NaN or infinite
 */
export async function readWeights(checkpoint: Checkpoint, name: string): Promise<Float32Array> {
  const values = await checkpoint.read(name);
  const index = firstNonFinite(values);
  if (index < 0) return values;
  throw new UserError(`found ${values[index]} at index ${index}, expected finite weights`, {
    where: `${checkpoint.file}: ${name}`,
    remedy: 'the training has diverged or the file is damaged, choose another checkpoint',
  });
}

/** Index of the first NaN or infinity, or -1. A plain loop: networks have tens of millions of weights. */
export function firstNonFinite(values: Float32Array): number {
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(values[index])) return index;
  }
  return -1;
}
