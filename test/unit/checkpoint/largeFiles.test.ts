import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { openCheckpoint } from '../../../src/model/checkpoint/checkpoint';
import { OpenedFile } from '../../../src/model/checkpoint/openedFile';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { pickleBytes, type PickleInput } from './pickleBytes';
import { TorchFile } from './torchFile';
import { zipBytes } from './zipBytes';

const folder = await temporaryFolder();
const gibibyte = 2 ** 30;

afterEach(() => vi.restoreAllMocks());

/** Bytes that opening `file` and reading the tensor `small` take from disk. */
async function bytesRead(file: string): Promise<{ total: number; values: Float32Array }> {
  const read = vi.spyOn(OpenedFile.prototype, 'readInto');
  const checkpoint = await openCheckpoint(file);
  expect(checkpoint.tensors.get('a.large')?.shape).toEqual([gibibyte / 4]);
  const values = await checkpoint.read('a.small');
  await checkpoint.close();
  return { total: read.mock.calls.reduce((sum, [target]) => sum + target.length, 0), values };
}

/** Writes `head`, a hole and `tail`, which take no space on disk. */
async function writeSparse(name: string, head: Uint8Array, hole: number, tail: Uint8Array): Promise<string> {
  const file = join(folder, name);
  const handle = await open(file, 'w');
  await handle.write(head, 0, head.length, 0);
  await handle.write(tail, 0, tail.length, head.length + hole);
  await handle.close();
  return file;
}

it('reads one tensor of a large safetensors file, not the file', async () => {
  const header = JSON.stringify({
    'a.large': { dtype: 'F32', shape: [gibibyte / 4], data_offsets: [0, gibibyte] },
    'a.small': { dtype: 'F32', shape: [2], data_offsets: [gibibyte, gibibyte + 8] },
  });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const head = Buffer.concat([length, Buffer.from(header)]);
  const file = await writeSparse('large.safetensors', head, gibibyte, Buffer.from(Float32Array.of(1, 2).buffer));
  const { total, values } = await bytesRead(file);
  expect(values).toEqual(Float32Array.of(1, 2));
  expect(total).toBeLessThan(10_000);
});

it('reads one tensor of a large torch archive, not the archive', async () => {
  const torch = new TorchFile();
  const dict = new Map<PickleInput, PickleInput>([
    ['a.small', torch.tensor(Float32Array.of(1, 2))],
    ['a.large', torch.view(1, 'FloatStorage', { shape: [gibibyte / 4], count: gibibyte / 4 })],
  ]);
  const small = zipBytes([
    { name: 'm/data.pkl', data: pickleBytes(dict) },
    { name: 'm/data/0', data: Buffer.from(Float32Array.of(1, 2).buffer) },
    { name: 'm/data/1', data: Buffer.alloc(0), claims: { size: gibibyte } },
  ]);
  // Put a hole where the data of the last entry belong, and move the directory behind it.
  const directory = small.indexOf('PK\x01\x02', 0, 'latin1');
  const tail = Buffer.from(small.subarray(directory));
  tail.writeUInt32LE(directory + gibibyte, tail.length - 6);
  const file = await writeSparse('large.pth', small.subarray(0, directory), gibibyte, tail);
  const { total, values } = await bytesRead(file);
  expect(values).toEqual(Float32Array.of(1, 2));
  expect(total).toBeLessThan(100_000);
});
