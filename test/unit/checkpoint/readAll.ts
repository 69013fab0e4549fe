import { openCheckpoint } from '../../../src/model/checkpoint/checkpoint';
import { isFloat } from '../../../src/model/checkpoint/elementTypes';

/** All floating-point values of a checkpoint by tensor name; the file is closed again. */
export async function readAll(file: string): Promise<Map<string, { shape: readonly number[]; values: number[] }>> {
  const checkpoint = await openCheckpoint(file);
  try {
    const all = new Map<string, { shape: readonly number[]; values: number[] }>();
    for (const { name, shape, dtype } of checkpoint.tensors.values()) {
      if (isFloat(dtype)) all.set(name, { shape, values: Array.from(await checkpoint.read(name)) });
    }
    return all;
  } finally {
    await checkpoint.close();
  }
}

/** The message with which opening or reading a file is refused. */
export async function refusalOf(file: string): Promise<string> {
  try {
    await readAll(file);
  } catch (error) {
    if (error instanceof Error && error.name === 'UserError') return error.message;
    throw error;
  }
  throw new Error(`${file} was accepted`);
}
