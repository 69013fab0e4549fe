import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/model/checkpoint/checkpoint';
import { seededRandom } from '../helpers/random';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { type PickleInput } from './pickleBytes';
import { readAll, refusalOf } from './readAll';
import { TorchFile, writeStateDict } from './torchFile';
import { zipBytes } from './zipBytes';

const folder = await temporaryFolder();
const weights = { 'a.weight': [1, 2, 3], 'a.bias': [-0.5] };
const expected = new Map([
  ['a.weight', { shape: [3], values: [1, 2, 3] }],
  ['a.bias', { shape: [1], values: [-0.5] }],
]);

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, bytes);
  return file;
}

/** A checkpoint of one tensor with this view of `count` stored elements. */
async function writeView(name: string, view: Parameters<TorchFile['tensor']>[1], stored = 12): Promise<string> {
  const torch = new TorchFile();
  const data = Float32Array.from({ length: stored }, (_, index) => index);
  return write(name, torch.bytes(new Map([['a.weight', torch.tensor(data, view)]])));
}

describe('torch zip archives', () => {
  it.each([
    ['protocol 2', { protocol: 2 }],
    ['protocol 3', { protocol: 3 }],
    ['protocol 4', { protocol: 4 }],
    ['protocol 5', { protocol: 5 }],
    ['another root', { root: 'my model/v1' }],
    ['no root', { root: '' }],
    ['a byte order', { byteorder: 'little' }],
    ['deflated entries', { deflate: true }],
  ] as const)('reads %s', async (name, options) => {
    expect(await readAll(await writeStateDict(folder, `${name}.pth`, weights, options))).toEqual(expected);
  });

  it('goes by content, not by extension', async () => {
    expect(await readAll(await writeStateDict(folder, 'renamed.safetensors', weights))).toEqual(expected);
    expect(await readAll(await writeStateDict(folder, 'weights', weights))).toEqual(expected);
  });

  it('refuses big-endian archives', async () => {
    const file = await writeStateDict(folder, 'big.pth', weights, { byteorder: 'big' });
    expect(await refusalOf(file)).toMatch(/big\.pth: was written on a big-endian machine; /);
  });

  it('reads part of a deflated storage', async () => {
    const torch = new TorchFile();
    const data = Float32Array.from({ length: 1_000_000 }, (_, index) => index);
    const dict = new Map<PickleInput, PickleInput>([
      ['a.tail', torch.tensor(data, { offset: 999_998, shape: [2] })],
      ['a.middle', torch.view(0, 'FloatStorage', { offset: 500_000, shape: [2], strides: [3], count: 1_000_000 })],
    ]);
    const all = await readAll(await write('deflatedPart.pth', torch.bytes(dict, { deflate: true })));
    expect(all.get('a.tail')?.values).toEqual([999_998, 999_999]);
    expect(all.get('a.middle')?.values).toEqual([500_000, 500_003]);
  });

  it('reads a large deflated storage without a warning', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on('warning', onWarning);
    try {
      const torch = new TorchFile();
      const next = seededRandom(3);
      // Noise, which deflate cannot shorten: more pieces than an event has listeners before Node warns.
      const noise = Float32Array.from({ length: 4_000_000 }, () => next());
      const dict = new Map([['a.tail', torch.tensor(noise, { offset: 3_999_999, shape: [1] })]]);
      const all = await readAll(await write('large.pth', torch.bytes(dict, { deflate: true })));
      expect(all.get('a.tail')?.values).toEqual([noise.at(-1)]);
      await nextTurn();
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', onWarning);
    }
  });

  it('names a storage that is missing or too short', async () => {
    const missing = new TorchFile();
    const dict = new Map([['a.weight', missing.view(3, 'FloatStorage', { shape: [1], count: 1 })]]);
    expect(await refusalOf(await write('missing.pth', missing.bytes(dict)))).toMatch(/storage 3, .* is missing/);
    expect(await refusalOf(await writeView('short.pth', { shape: [2], count: 13 }))).toMatch(
      /short\.pth: storage 0 has 48 bytes but its pickle announces 52; copy/,
    );
  });

  it.each([
    [
      'an end behind the storage',
      { shape: [13] },
      /tensor a\.weight: its elements reach to byte 52 of a storage of 48/,
    ],
    ['an offset behind the storage', { offset: 12, shape: [1] }, /reach to byte 52/],
    ['gigantic strides', { shape: [2, 2], strides: [2 ** 52, 2 ** 52] }, /reach to byte \d+ of a storage of 48/],
    [
      'gigantic sizes',
      { shape: [2 ** 40, 2 ** 40], strides: [0, 0] },
      /has more than the supported 268435456 elements/,
    ],
    [
      'sizes that overflow',
      { shape: Array<number>(16).fill(2 ** 31), strides: Array<number>(16).fill(0) },
      /has more than the supported/,
    ],
    ['a negative stride', { shape: [2], strides: [-1] }, /strides of a tensor is malformed: found -1/],
    ['a negative size', { shape: [-2] }, /shape of a tensor is malformed: found -2/],
    ['a fractional size', { shape: [1.5] }, /shape of a tensor is malformed: found 1\.5/],
    ['a negative offset', { offset: -1, shape: [2] }, /offset of a tensor is malformed: found -1/],
    ['too few strides', { shape: [2, 2], strides: [1] }, /a tensor of 2 axes with 1 strides/],
    ['too many axes', { shape: Array<number>(17).fill(1) }, /a tensor of 17 axes/],
    ['a negative storage size', { count: -1 }, /storage size is malformed/],
  ])('refuses %s', async (name, view, message) => {
    expect(await refusalOf(await writeView(`${name}.pth`, view))).toMatch(message);
  });

  it('reads an empty tensor whatever its strides', async () => {
    const all = await readAll(await writeView('empty.pth', { shape: [0, 5], strides: [2 ** 40, 1] }));
    expect(all.get('a.weight')).toEqual({ shape: [0, 5], values: [] });
  });

  it.each([
    ['weights.npz', [{ name: 'arr.npy', data: Buffer.from('x') }], /is a NumPy archive/],
    [
      'packed.zip',
      [{ name: 'runs/model.pth', data: Buffer.from('x') }],
      /is a zip archive around a checkpoint; unpack/,
    ],
    ['other.zip', [{ name: 'a.txt', data: Buffer.from('x') }], /holds no data\.pkl/],
    ['empty.zip', [], /holds no data\.pkl/],
    [
      'script.pt',
      [
        { name: 'm/data.pkl', data: Buffer.from('N.') },
        { name: 'm/constants.pkl', data: Buffer.from('N.') },
      ],
      /TorchScript/,
    ],
    [
      'locked.pth',
      [{ name: 'm/data.pkl', data: Buffer.alloc(20), claims: { flags: 1, size: 8 } }],
      /encrypted|damaged/,
    ],
    ['method.pth', [{ name: 'm/data.pkl', data: Buffer.alloc(20), claims: { method: 12 } }], /compression method 12/],
    [
      'offset.pth',
      [{ name: 'm/data.pkl', data: Buffer.from('N.'), claims: { headerOffset: 0xfffffff0 } }],
      /cut off or damaged/,
    ],
    ['size.pth', [{ name: 'm/data.pkl', data: Buffer.from('N.'), claims: { size: 0x3000000 } }], /cut off or damaged/],
    [
      'bomb.pth',
      [{ name: 'm/data.pkl', data: Buffer.alloc(80_000_000), deflate: true }],
      /data\.pkl has 80000000 bytes/,
    ],
  ])('refuses %s', async (name, entries, message) => {
    expect(await refusalOf(await write(name, zipBytes(entries)))).toMatch(message);
  });

  it('survives a zip64 directory at an absurd offset', async () => {
    const end = Buffer.alloc(20 + 22);
    end.write('PK\x06\x07', 'latin1');
    end.fill(0xff, 8, 16);
    end.write('PK\x05\x06', 20, 'latin1');
    const file = await write('zip64.pth', Buffer.concat([Buffer.from('PK\x03\x04'), end]));
    expect(await refusalOf(file)).toMatch(/zip64\.pth: the (zip archive|file) is cut off or damaged/);
  });

  it('reports a file that shrinks while it is open', async () => {
    const file = await writeStateDict(folder, 'shrinks.pth', weights);
    const checkpoint = await openCheckpoint(file);
    await writeFile(file, 'x');
    await expect(checkpoint.read('a.weight')).rejects.toMatchObject({ name: 'UserError' });
    await checkpoint.close();
  });
});
