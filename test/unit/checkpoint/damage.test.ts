import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/common/errors';
import { seededRandom } from '../helpers/random';
import { safetensorsBytes } from '../helpers/safetensors';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { Call, Global, pickleBytes, type PickleInput } from './pickleBytes';
import { readAll, refusalOf } from './readAll';
import { TorchFile } from './torchFile';

const folder = await temporaryFolder();

function sample(
  protocol: 2 | 4,
  deflate = false,
): { torch: TorchFile; dict: Map<PickleInput, PickleInput>; bytes: Buffer } {
  const torch = new TorchFile();
  const model = new Map<PickleInput, PickleInput>([
    ['module.a.weight', torch.tensor(Float32Array.of(1, 2, 3, 4), { shape: [2, 2], strides: [1, 2] })],
    ['module.a.bias', torch.tensor(Float64Array.of(1, 2))],
    ['module.a.count', torch.tensor(BigInt64Array.of(3n))],
  ]);
  const dict = new Map<PickleInput, PickleInput>([
    ['model', model],
    ['epoch', 3],
    ['loss', [0.5, null, true]],
  ]);
  return { torch, dict, bytes: torch.bytes(dict, { protocol, deflate }) };
}

/** Damage must end in values or in a UserError of one line; anything else is a defect. */
async function outcome(bytes: Uint8Array): Promise<'read' | 'refused'> {
  const file = join(folder, 'damaged.pth');
  await writeFile(file, bytes);
  try {
    await readAll(file);
    return 'read';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.message).toContain(file);
    expect(error.message).not.toMatch(/\n/);
    return 'refused';
  }
}

function flip(bytes: Buffer, next: () => number): Buffer {
  const copy = Buffer.from(bytes);
  for (let count = 1 + Math.floor(next() * 4); count > 0; count--) {
    copy[Math.floor(next() * copy.length)] = Math.floor(next() * 256);
  }
  return copy;
}

describe('damaged checkpoints', () => {
  const files: [string, Buffer][] = [
    ['torch, protocol 2', sample(2).bytes],
    ['torch, protocol 4, deflated', sample(4, true).bytes],
    [
      'safetensors',
      safetensorsBytes(
        new Map([
          ['a.weight', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
          ['a.bias', { shape: [2], data: Float32Array.of(1, 2) }],
        ]),
      ),
    ],
  ];

  it.each(files)('truncated: %s', async (_, bytes) => {
    expect(await outcome(bytes)).toBe('read');
    const next = seededRandom(1);
    const lengths = new Set([0, 1, 2, 7, 8, 9, bytes.length - 1, bytes.length - 2]);
    while (lengths.size < 150 && lengths.size < bytes.length - 1) lengths.add(Math.floor(next() * bytes.length));
    for (const length of lengths) expect(await outcome(bytes.subarray(0, length)), `${length} bytes`).toBe('refused');
  });

  it.each(files)('with random bytes changed: %s', async (_, bytes) => {
    const next = seededRandom(2);
    const seen = { read: 0, refused: 0 };
    for (let round = 0; round < 400; round++) seen[await outcome(flip(bytes, next))]++;
    expect(seen.read).toBeGreaterThan(0);
    expect(seen.refused).toBeGreaterThan(0);
  });

  it.each([2, 4] as const)('with a changed or truncated pickle in a sound archive, protocol %d', async protocol => {
    const { torch, dict } = sample(protocol);
    const pickle = pickleBytes(dict, protocol);
    const next = seededRandom(3);
    for (let round = 0; round < 400; round++) await outcome(torch.bytes(dict, { pickle: flip(pickle, next) }));
    for (let length = 0; length < pickle.length; length += 3) {
      expect(await outcome(torch.bytes(dict, { pickle: pickle.subarray(0, length) }))).toBe('refused');
    }
  });

  it('names the offset at which a pickle ends', async () => {
    const { torch, dict } = sample(2);
    const file = join(folder, 'ends.pth');
    await writeFile(file, torch.bytes(dict, { pickle: pickleBytes(dict).subarray(0, 40) }));
    expect(await refusalOf(file)).toMatch(
      /ends\.pth: its pickle is refused at byte \d+: it ends after 40 bytes .*; the file is cut off/,
    );
  });
});

describe('malicious checkpoints', () => {
  it.each([2, 4] as const)('a pickle that calls os.system is refused and not run, protocol %d', async protocol => {
    const trace = join(folder, `trace${protocol}`);
    const { torch, dict } = sample(protocol);
    dict.set('args', new Call(new Global('os', 'system'), [`touch ${trace}`]));
    const file = join(folder, `malicious${protocol}.pth`);
    await writeFile(file, torch.bytes(dict, { protocol }));
    expect(await refusalOf(file)).toMatch(
      /malicious\d\.pth: its pickle is refused at byte \d+: it asks for os\.system, which no state dict needs, and opening a checkpoint never executes code; .*model\.state_dict\(\)/,
    );
    await expect(stat(trace)).rejects.toThrow(/ENOENT/);
    expect((await readFile(file)).includes('touch')).toBe(true);
  });
});
