import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/model/checkpoint/checkpoint';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { readAll, refusalOf } from './readAll';

const folder = await temporaryFolder();

type Header = Record<string, unknown>;

function bytesOf(header: Header | string, data: Uint8Array, length?: bigint): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(length ?? BigInt(json.length));
  return Buffer.concat([prefix, json, data]);
}

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, bytes);
  return file;
}

/** Round to nearest, ties to even, by torch's rule; exact for the values below. */
const bfloat16Bytes = (values: readonly number[]) =>
  Buffer.from(Uint16Array.from(new Uint32Array(Float32Array.from(values).buffer), bits => bits >>> 16).buffer);

const halfBytes = (values: readonly number[]) =>
  Buffer.from(
    Uint16Array.from(values, value => {
      const exponent = value === 0 ? -15 : Math.floor(Math.log2(Math.abs(value)));
      const fraction = exponent < -14 ? Math.abs(value) * 2 ** 24 : (Math.abs(value) / 2 ** exponent - 1) * 1024;
      return ((value < 0 ? 1 : 0) << 15) | ((exponent < -14 ? 0 : exponent + 15) << 10) | fraction;
    }).buffer,
  );

const entry = (dtype: string, shape: number[], begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

describe('safetensors', () => {
  const exact = [0, 1, -2, 0.5, 1.5, -0.375, 65504 - 32, 2 ** -14];
  it.each<[string, Uint8Array, number[]]>([
    ['F32', Buffer.from(Float32Array.from([...exact, 1 / 3]).buffer), [...exact, Math.fround(1 / 3)]],
    ['F64', Buffer.from(Float64Array.from([...exact, 1 / 3]).buffer), [...exact, Math.fround(1 / 3)]],
    ['F16', halfBytes([...exact, 2 ** -24, -3 * 2 ** -20]), [...exact, 2 ** -24, -3 * 2 ** -20]],
    ['BF16', bfloat16Bytes([0, 1, -2, 0.5, 2 ** 100, -(2 ** -130)]), [0, 1, -2, 0.5, 2 ** 100, -(2 ** -130)]],
  ])('widens %s', async (dtype, data, values) => {
    const header = { __metadata__: { format: 'pt' }, 'a.w': entry(dtype, [values.length, 1], 0, data.length) };
    const all = await readAll(await write(`${dtype}.safetensors`, bytesOf(header, data)));
    expect(all).toEqual(new Map([['a.w', { shape: [values.length, 1], values }]]));
  });

  it('reads tensors in any order of the header, scalars, empty ones and those of other types by name', async () => {
    const header = {
      'm.second': entry('F32', [], 16, 20),
      'm.first': entry('I64', [2], 0, 16),
      'm.none': entry('F32', [0, 3], 20, 20),
      'm.eight': entry('F8_E4M3', [4], 20, 24),
    };
    const data = Buffer.alloc(24);
    data.writeFloatLE(2.5, 16);
    const checkpoint = await openCheckpoint(await write('order.pth', bytesOf(header, data)));
    expect([...checkpoint.tensors.values()].map(({ name, dtype }) => `${name} ${dtype}`)).toEqual([
      'm.second F32',
      'm.first I64',
      'm.none F32',
      'm.eight F8_E4M3',
    ]);
    expect(await checkpoint.read('m.second')).toEqual(Float32Array.of(2.5));
    expect(await checkpoint.read('m.none')).toHaveLength(0);
    await expect(checkpoint.read('m.eight')).rejects.toThrow(/element type F8_E4M3/);
    await checkpoint.close();
  });

  it('removes prefixes as in torch checkpoints', async () => {
    const header = { 'module.a.w': entry('F32', [1], 0, 4), 'module.__proto__': entry('F32', [1], 4, 8) };
    const all = await readAll(await write('prefix.safetensors', bytesOf(header, Buffer.alloc(8))));
    expect([...all.keys()]).toEqual(['a.w', '__proto__']);
  });

  it.each<[string, Header | string, number, RegExp, bigint?]>([
    [
      'an end behind the file',
      { 'a.w': entry('F32', [4], 0, 16) },
      12,
      /tensor a\.w: its data ends at byte 16 of 12: the file is cut off/,
    ],
    [
      'overlaps',
      { a: entry('F32', [1], 0, 4), b: entry('F32', [1], 2, 6) },
      6,
      /tensor b: its data begins at byte 2, inside/,
    ],
    ['gaps', { a: entry('F32', [1], 0, 4), b: entry('F32', [1], 8, 12) }, 12, /tensor b: .* behind a gap/],
    ['bytes behind the end', { a: entry('F32', [1], 0, 4) }, 5, /1 bytes follow the last tensor/],
    ['a wrong size', { a: entry('F32', [2], 0, 4) }, 4, /has 4 bytes; shape \[2\] of F32 needs 8/],
    ['sizes that overflow', { a: entry('F32', [2 ** 31, 2 ** 31, 2 ** 31], 0, 0) }, 0, /has 0 bytes; shape/],
    ['an end before the begin', { a: entry('F32', [1], 4, 0) }, 4, /data_offsets are \[4, 0\]/],
    ['negative offsets', { a: entry('F32', [1], -4, 0) }, 4, /data_offsets are not two byte offsets/],
    ['fractional sizes', { a: entry('F32', [0.5], 0, 2) }, 2, /shape is not a list of sizes/],
    ['an unknown type', { a: entry('toString', [1], 0, 4) }, 4, /dtype "toString" is not known/],
    ['an entry that is no object', { a: 3 }, 0, /header entry is not an object/],
    ['a header that is no object', '[1, 2]', 0, /is a text file|neither|not a JSON object/],
    ['a header that is not JSON', '{"a": ', 0, /safetensors header is not valid JSON/],
    ['no tensors', {}, 0, /it holds no tensors/],
    ['a header beyond the file', { a: entry('F32', [1], 0, 4) }, 4, /header needs 5000 bytes but the file has/, 5000n],
    [
      'a header beyond the limit',
      { a: entry('F32', [1], 0, 4) },
      4,
      /header has 200000000 bytes; at most 100000000/,
      200_000_000n,
    ],
    ['a header beyond every file', { a: entry('F32', [1], 0, 4) }, 4, /neither a torch checkpoint nor/, 2n ** 64n - 1n],
  ])('refuses %s', async (name, header, dataBytes, message, length) => {
    const file = await write(`${name}.safetensors`, bytesOf(header, Buffer.alloc(dataBytes), length));
    expect(await refusalOf(file)).toMatch(message);
  });
});
