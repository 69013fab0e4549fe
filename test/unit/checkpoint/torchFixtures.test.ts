import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/model/checkpoint/checkpoint';
import { readAll, refusalOf } from './readAll';

const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name);
const range = (count: number, from = 0) => Array.from({ length: count }, (_, index) => index + from);

describe('files written by torch.save', () => {
  it.each(['protocol2', 'protocol3', 'protocol4', 'protocol5', 'half', 'bfloat16', 'double'])('%s', async name => {
    expect(await readAll(fixture(`${name}.pth`))).toEqual(
      new Map([
        ['conv.weight', { shape: [2, 3, 2, 2], values: range(24, -12) }],
        ['conv.bias', { shape: [2], values: [0.5, -2] }],
      ]),
    );
  });

  it('lists integer tensors but reads only floating-point ones', async () => {
    const checkpoint = await openCheckpoint(fixture('protocol2.pth'));
    expect(checkpoint.tensors.get('bn.num_batches_tracked')).toEqual({
      name: 'bn.num_batches_tracked',
      dtype: 'I64',
      shape: [],
    });
    await expect(checkpoint.read('bn.num_batches_tracked')).rejects.toThrow(
      /protocol2\.pth: tensor bn\.num_batches_tracked: has element type I64; expected F32/,
    );
    await expect(checkpoint.read('conv.gain')).rejects.toThrow(/tensor conv\.gain is missing/);
    await checkpoint.close();
  });

  it.each(['views2', 'views4'])('honours strides and offsets: %s', async name => {
    const base = (a: number, b: number, c: number) => a * 12 + b * 4 + c;
    const permuted = range(4).flatMap(c => range(2).flatMap(a => range(3).map(b => base(a, b, c))));
    const sliced = range(2).flatMap(a => [1, 2].flatMap(b => [0, 2].map(c => base(a, b, c))));
    expect(await readAll(fixture(`${name}.pth`))).toEqual(
      new Map([
        ['v.permuted', { shape: [4, 2, 3], values: permuted }],
        ['v.sliced', { shape: [2, 2, 2], values: sliced }],
        ['v.offset', { shape: [2, 3], values: range(6, 7) }],
        ['v.expanded', { shape: [2, 3], values: [1, 1, 1, 2, 2, 2] }],
        ['v.channelsLast', { shape: [1, 2, 3, 4], values: range(24) }],
        ['v.tied', { shape: [2], values: [1, 2] }],
        ['v.tiedToo', { shape: [2], values: [1, 2] }],
        ['v.parameter', { shape: [1], values: [3] }],
        ['v.scalar', { shape: [], values: [3.5] }],
        ['v.empty', { shape: [0, 4], values: [] }],
      ]),
    );
  });

  it.each(['training2', 'training4'])('finds the weights in a training checkpoint: %s', async name => {
    const checkpoint = await openCheckpoint(fixture(`${name}.pth`));
    expect([...checkpoint.tensors.keys()]).toEqual([
      '0.weight',
      '0.bias',
      '1.weight',
      '1.bias',
      '1.running_mean',
      '1.running_var',
      '1.num_batches_tracked',
    ]);
    expect(await checkpoint.read('0.weight')).toEqual(Float32Array.of(4));
    expect(checkpoint.notes).toEqual(['The checkpoint holds several sets of weights: model is used, ema ignored.']);
    await checkpoint.close();
  });

  it('drops the attributes of a state dict', async () => {
    expect((await readAll(fixture('moduleState.pth'))).get('0.weight')?.values).toEqual([4]);
  });

  it.each([
    ['legacy2.pth', /was saved in the form of torch before 1\.6.*torch\.save\(torch\.load\(/],
    ['legacy4.pth', /was saved in the form of torch before 1\.6/],
    ['wholeModule.pth', /class torch\.nn\.modules\.flatten\.Flatten .*never executes code; .*model\.state_dict\(\)/],
    ['sparse.pth', /sparse .*_rebuild_sparse_tensor/],
    ['script.pt', /is a TorchScript archive.*torch\.jit\.load/],
  ])('refuses %s with what to do', async (name, message) => {
    expect(await refusalOf(fixture(name))).toMatch(message);
  });
});
