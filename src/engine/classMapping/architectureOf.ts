import { inferArchitecture } from '../../model/architecture';
import { openCheckpoint } from '../../model/checkpoint/checkpoint';
import type { Architecture } from '../../model/types';

/** What the tensors of a checkpoint say; their numbers are not read. */
export async function architectureOf(file: string): Promise<Architecture> {
  const checkpoint = await openCheckpoint(file);
  try {
    return inferArchitecture(checkpoint);
  } finally {
    await checkpoint.close();
  }
}
