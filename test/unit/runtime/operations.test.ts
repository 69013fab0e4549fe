import { describe, expect, it } from 'vitest';
import { openOnnxSession } from '../../../src/model/runtime/onnx/openOnnxSession';
import { openTfjsSession } from '../../../src/model/runtime/tfjs/openTfjsSession';
import { wasmBackend } from '../../../src/model/runtime/tfjs/wasmBackend';
import type { Network, NetworkNode, RuntimeSession } from '../../../src/model/types';
import { runNaively } from '../network/naiveNetwork';
import { networkOf, randomConv, randomValues, tinyRetinaNet } from './tinyNetworks';

type Open = (network: Network) => Promise<RuntimeSession>;

const runtimes: readonly (readonly [name: string, open: Open])[] = [
  ['ONNX Runtime', network => openOnnxSession(network, { executionProvider: 'cpu', label: 'CPU', threads: 1 })],
  ['TensorFlow.js on WebAssembly', async network => openTfjsSession(network, await wasmBackend())],
];

async function compare(open: Open, network: Network, sizes: readonly (readonly [number, number])[], tolerance = 1e-4) {
  const session = await open(network);
  for (const [height, width] of sizes) {
    const input = randomValues(3 * height * width, height * 1000 + width);
    const found = await session.run(input, height, width);
    const expected = runNaively(network, input, height, width);
    for (const output of ['logits', 'deltas'] as const) {
      expect(found[output].length).toBe(expected[output].length);
      const worst = expected[output].reduce(
        (largest, value, index) => Math.max(largest, Math.abs(value - found[output][index])),
        0,
      );
      expect(worst).toBeLessThan(tolerance);
    }
    expect(found.grids).toEqual(network.outputs.map(({ logits }) => expected.values.get(logits)?.shape.slice(1)));
  }
  await session.dispose();
}

/** An operation on a value of `channels` channels that a convolution makes from the image. */
function after(channels: number, ...nodes: NetworkNode[]): Network {
  const output = nodes.at(-1)?.output ?? 'x';
  return networkOf([randomConv('image', 'x', 3, channels, { seed: 5 }), ...nodes], output, channels);
}

const sizes = [
  [8, 8],
  [7, 13],
] as const;

describe.each(runtimes)('operations through %s equal their definition', (_, open) => {
  const expectEqual = (network: Network, sizes: readonly (readonly [number, number])[]) =>
    compare(open, network, sizes);

  it.each([
    { kernel: 1 },
    { kernel: 3 },
    { kernel: 3, stride: 2 },
    { kernel: 3, padding: 0 },
    { kernel: 7, stride: 2, relu: true },
    { kernel: 1, stride: 2 },
    { kernel: 3, groups: 2 },
    { kernel: 3, groups: 8, stride: 2, relu: true },
  ])('conv %j', async options => {
    await expectEqual(after(8, randomConv('x', 'y', 8, 8, options)), sizes);
  });

  it.each([
    { kernel: 3, stride: 2, padding: 1 },
    { kernel: 1, stride: 2, padding: 0 },
    { kernel: 2, stride: 2, padding: 0 },
  ])('maxPool %j', async options => {
    await expectEqual(after(4, { op: 'maxPool', input: 'x', output: 'y', ...options }), sizes);
  });

  it.each([true, false])('add, relu %s', async relu => {
    const second = randomConv('image', 'second', 3, 4, { seed: 9 });
    await expectEqual(after(4, second, { op: 'add', inputs: ['x', 'second'], output: 'y', relu }), sizes);
  });

  it('relu', async () => {
    await expectEqual(after(4, { op: 'relu', input: 'x', output: 'y' }), sizes);
  });

  it('upsample to even, odd and equal sizes', async () => {
    const half: NetworkNode = { op: 'maxPool', input: 'x', output: 'half', kernel: 1, stride: 2, padding: 0 };
    const upsample: NetworkNode = { op: 'upsample', input: 'half', like: 'x', output: 'y' };
    await expectEqual(after(4, half, upsample), [...sizes, [1, 1], [2, 3], [33, 45], [101, 3]]);
  });

  it('upsample by other factors than two', async () => {
    const third: NetworkNode = { op: 'maxPool', input: 'x', output: 'third', kernel: 1, stride: 3, padding: 0 };
    const upsample: NetworkNode = { op: 'upsample', input: 'third', like: 'x', output: 'y' };
    await expectEqual(after(4, third, upsample), [
      [6, 9],
      [7, 11],
      [20, 31],
    ]);
  });

  it.each([
    { groups: 4, relu: false },
    { groups: 8, relu: true },
    { groups: 1, relu: false },
  ])('groupNorm %j', async options => {
    const [scale, bias] = [randomValues(8, 1), randomValues(8, 2)];
    const node: NetworkNode = { op: 'groupNorm', input: 'x', output: 'y', scale, bias, epsilon: 1e-5, ...options };
    await expectEqual(after(8, node), [...sizes, [1, 2]]);
  });

  it('groupNorm of values far from zero', async () => {
    const far = { ...randomConv('x', 'far', 8, 8), bias: new Float32Array(8).fill(50) };
    const [scale, bias] = [randomValues(8, 1), randomValues(8, 2)];
    await expectEqual(
      after(8, far, { op: 'groupNorm', input: 'far', output: 'y', groups: 2, scale, bias, epsilon: 1e-5, relu: false }),
      [[32, 32]],
    );
  });
});

describe.each(runtimes)('whole networks through %s equal their definition', (_, open) => {
  it.each([
    {},
    { top: 'c5', headNorm: 'group', fpn: 32 },
    { headNorm: 'batch', classes: 1 },
    { block: 'bottleneck', blocks: [1, 2, 1, 1], channels: [16, 32, 32, 64], groups: 2, frozen: true, oldKeys: true },
    { top: 'maxPool', laterals: 4, anchors: 3 },
  ] as const)('%j', async options => {
    // One session for all sizes: height and width are free.
    await compare(open, await tinyRetinaNet(options), [
      [64, 64],
      [96, 160],
      [32, 32],
    ]);
  });
});
