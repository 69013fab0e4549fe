import { UserError } from '../../common/errors';
import type { Checkpoint, TensorInfo } from '../types';
import { detectFileKind } from './fileKind';
import { OpenedFile } from './openedFile';
import { openSafetensors } from './safetensors';
import { findStateDict } from './stateDict';
import { checkTensor, readTensor, type StoredTensor } from './storedTensor';
import { stripPrefixes } from './tensorNames';
import { openTorchArchive } from './torchArchive';

/**
 * Opens a `.pth`, `.pt` or `.safetensors` checkpoint, told apart by content. Nothing in it is executed, and tensors
 * are read one at a time from the file, which stays open until `close`.
 * @throws UserError naming the file, what is wrong and how to get a readable checkpoint
 */
export async function openCheckpoint(path: string): Promise<Checkpoint> {
  const file = await OpenedFile.open(path);
  try {
    const kind = await detectFileKind(file);
    const stored = kind === 'safetensors' ? { tensors: await openSafetensors(file), notes: [] } : await fromTorch(file);
    const named = stripPrefixes(path, stored.tensors);
    if (named.tensors.size === 0) {
      throw new UserError('it holds no tensors', {
        where: path,
        remedy: "save the weights with torch.save(model.state_dict(), 'model.pth')",
      });
    }
    for (const [name, tensor] of named.tensors) checkTensor(path, name, tensor);
    return new OpenedCheckpoint(file, named.tensors, [...stored.notes, ...named.notes]);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function fromTorch(file: OpenedFile): Promise<{ tensors: Map<string, StoredTensor>; notes: readonly string[] }> {
  const archive = await openTorchArchive(file);
  const stateDict = findStateDict(file.path, archive.root);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { dtype, shape, strides, offset, storage }] of stateDict.tensors) {
    tensors.set(name, { dtype, shape, strides, offset, storage: archive.storage(storage) });
  }
  return { tensors, notes: stateDict.notes };
}

class OpenedCheckpoint implements Checkpoint {
  readonly file: string;
  readonly tensors: ReadonlyMap<string, TensorInfo>;

  constructor(
    private readonly opened: OpenedFile,
    private readonly stored: ReadonlyMap<string, StoredTensor>,
    readonly notes: readonly string[],
  ) {
    this.file = opened.path;
    this.tensors = new Map([...stored].map(([name, { dtype, shape }]) => [name, { name, dtype, shape }]));
  }

  async read(name: string): Promise<Float32Array> {
    const tensor = this.stored.get(name);
    if (!tensor) {
      throw new UserError(`tensor ${name} is missing`, {
        where: this.file,
        remedy: 'choose the checkpoint of a torchvision RetinaNet',
      });
    }
    return readTensor(this.file, name, tensor);
  }

  close(): Promise<void> {
    return this.opened.close();
  }
}
