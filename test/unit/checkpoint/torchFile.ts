import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Call, Global, Persistent, pickleBytes, type PickleInput, Tuple } from './pickleBytes';
import { type ZipEntry, zipBytes } from './zipBytes';

export interface TorchFileOptions {
  readonly protocol?: 2 | 3 | 4 | 5;
  readonly root?: string;
  readonly byteorder?: string;
  readonly deflate?: boolean;
  /** Replaces the pickle. */
  readonly pickle?: Uint8Array;
  readonly extra?: readonly ZipEntry[];
}

export interface TensorView {
  readonly offset?: number;
  readonly shape?: readonly number[];
  readonly strides?: readonly number[];
  /** Elements that the pickle announces for the storage. */
  readonly count?: number;
}

const storageClass = new Map<string, string>([
  ['Float32Array', 'FloatStorage'],
  ['Float64Array', 'DoubleStorage'],
  ['BigInt64Array', 'LongStorage'],
]);

/** Collects storages and writes what torch.save would. */
export class TorchFile {
  private readonly storages: Uint8Array[] = [];

  /** A tensor over its own storage, as `torch._utils._rebuild_tensor_v2` takes it. */
  tensor(data: Float32Array | Float64Array | BigInt64Array, view: TensorView = {}): Call {
    const className = storageClass.get(data.constructor.name) ?? '';
    const key = this.storages.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) - 1;
    return this.view(key, className, { shape: [data.length], count: data.length, ...view });
  }

  view(key: number, className: string, { offset = 0, shape = [], strides, count = 0 }: TensorView): Call {
    const id = new Tuple(['storage', new Global('torch', className), String(key), 'cpu', count]);
    const contiguous = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
    return new Call(new Global('torch._utils', '_rebuild_tensor_v2'), [
      new Persistent(id),
      offset,
      new Tuple(shape),
      new Tuple(strides ?? contiguous),
      false,
      new Call(new Global('collections', 'OrderedDict'), []),
    ]);
  }

  bytes(value: PickleInput, options: TorchFileOptions = {}): Buffer {
    const { root = 'archive', protocol = 2, deflate = false, byteorder, extra = [] } = options;
    const entry = (name: string, data: Uint8Array) => ({
      name: `${root}${root === '' ? '' : '/'}${name}`,
      data,
      deflate,
    });
    return zipBytes([
      entry('data.pkl', options.pickle ?? pickleBytes(value, protocol)),
      ...(byteorder === undefined ? [] : [entry('byteorder', Buffer.from(byteorder))]),
      ...this.storages.map((data, key) => entry(`data/${key}`, data)),
      entry('version', Buffer.from('3\n')),
      ...extra,
    ]);
  }
}

/** A state dict of float32 vectors, written to `<folder>/<name>`. */
export async function writeStateDict(
  folder: string,
  name: string,
  tensors: Readonly<Record<string, readonly number[]>>,
  options: TorchFileOptions = {},
): Promise<string> {
  const torch = new TorchFile();
  const dict = new Map<PickleInput, PickleInput>();
  for (const [key, values] of Object.entries(tensors)) dict.set(key, torch.tensor(Float32Array.from(values)));
  const file = join(folder, name);
  await writeFile(file, torch.bytes(dict, options));
  return file;
}
