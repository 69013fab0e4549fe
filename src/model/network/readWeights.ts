import { UserError } from '../../common/errors';
import type { Checkpoint } from '../types';

/**
 * Values of one tensor, all of them finite.
 *
 * @throws UserError naming the tensor and the first value that is NaN or infinite
 */
export async function readWeights(checkpoint: Checkpoint, name: string): Promise<Float32Array> {
  const values = await checkpoint.read(name);
  const index = values.findIndex(value => !Number.isFinite(value));
  if (index < 0) return values;
  throw new UserError(`found ${values[index]} at index ${index}, expected finite weights`, {
    where: `${checkpoint.file}: ${name}`,
    remedy: 'the training has diverged or the file is damaged, choose another checkpoint',
  });
}
