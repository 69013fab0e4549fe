import { describe, expect, it } from 'vitest';
import { inferArchitecture } from '../../../src/model/architecture';
import { buildNetwork } from '../../../src/model/network/buildNetwork';
import { geometryOf, inferShapes, levelGrids } from '../../../src/model/network/networkGeometry';
import type { Network, NetworkNode } from '../../../src/model/types';
import { memoryCheckpoint } from '../helpers/memoryCheckpoint';
import type { RetinaNetOptions } from '../helpers/retinaNetTensors';
import { retinaNetTensors } from '../helpers/retinaNetTensors';

async function build(options: RetinaNetOptions, batchNormEps = 1e-5): Promise<Network> {
  const checkpoint = memoryCheckpoint(retinaNetTensors(options));
  return buildNetwork(checkpoint, inferArchitecture(checkpoint), { batchNormEps });
}

function node<Op extends NetworkNode['op']>(network: Network, output: string, op: Op) {
  const found = network.nodes.find(candidate => candidate.output === output);
  expect(found?.op).toBe(op);
  return found as Extract<NetworkNode, { op: Op }>;
}

const bottlenecks = { block: 'bottleneck', blocks: [2, 1, 1, 1], channels: [16, 32, 32, 32] } as const;

describe('structure', () => {
  it('strides in the 3x3 convolution of bottlenecks (v1.5) and in their shortcut', async () => {
    const network = await build({ ...bottlenecks, groups: 2 });
    expect(node(network, 'layer2.0.conv1', 'conv').stride).toBe(1);
    expect(node(network, 'layer2.0.conv2', 'conv')).toMatchObject({ stride: 2, padding: 1, groups: 2 });
    expect(node(network, 'layer2.0.downsample', 'conv')).toMatchObject({ stride: 2, padding: 0, input: 'layer1.1' });
    expect(node(network, 'layer1.1', 'add').inputs).toEqual(['layer1.1.conv3', 'layer1.0']);
  });

  it('applies ReLU after every convolution but the last of a block, the shortcut, the pyramid and the outputs', async () => {
    const { nodes } = await build(bottlenecks);
    const linear = nodes.filter(({ op }) => op === 'conv').filter(conv => 'relu' in conv && !conv.relu);
    expect(linear.map(({ output }) => output).filter(output => output.startsWith('layer'))).toEqual(
      ['layer1.0', 'layer1.1', 'layer2.0', 'layer3.0', 'layer4.0'].flatMap(name =>
        name === 'layer1.1' || name === 'layer3.0' || name === 'layer4.0'
          ? [`${name}.conv3`, ...(name === 'layer1.1' ? [] : [`${name}.downsample`])]
          : [`${name}.conv3`, `${name}.downsample`],
      ),
    );
    expect(linear.map(({ output }) => output).filter(output => /^P\d$/.test(output))).toHaveLength(5);
    expect(linear.filter(({ output }) => /\.(logits|deltas)$/.test(output))).toHaveLength(10);
    expect(
      nodes.filter(({ op }) => op === 'add').every(add => 'relu' in add && add.relu === add.output.startsWith('layer')),
    ).toBe(true);
  });

  it('shares the head weights of all levels', async () => {
    const network = await build({ headNorm: 'group', fpn: 32 });
    for (const name of ['logits.conv1.conv', 'logits', 'deltas.conv4.conv', 'deltas']) {
      const weights = network.outputs.map(({ level }) => node(network, `${level}.${name}`, 'conv').weight);
      expect(new Set(weights).size).toBe(1);
    }
    expect(node(network, 'P5.logits.conv2', 'groupNorm')).toMatchObject({ groups: 32, epsilon: 1e-5, relu: true });
  });

  it.each([
    ['p5', 'P5'],
    ['c5', 'layer4.1'],
  ] as const)('feeds P6 from %s and P7 from ReLU of P6', async (top, input) => {
    const network = await build({ top });
    expect(node(network, 'P6', 'conv')).toMatchObject({ input, stride: 2, relu: false });
    expect(node(network, 'P7', 'conv')).toMatchObject({ input: 'P6.relu', stride: 2, relu: false });
  });

  it('pools P5 where the pyramid has LastLevelMaxPool', async () => {
    const network = await build({ top: 'maxPool', laterals: 4 });
    expect(node(network, 'P6', 'maxPool')).toMatchObject({ input: 'P5', kernel: 1, stride: 2, padding: 0 });
    expect(network.outputs.map(({ level }) => level)).toEqual(['P2', 'P3', 'P4', 'P5', 'P6']);
  });

  it('builds the same network from both key layouts', async () => {
    const [oldKeys, newKeys] = [await build({ oldKeys: true }), await build({ oldKeys: false })];
    expect(oldKeys).toEqual(newKeys);
  });
});

describe('shapes', () => {
  it.each([
    [
      256,
      320,
      [
        [32, 40],
        [16, 20],
        [8, 10],
        [4, 5],
        [2, 3],
      ],
    ],
    [
      800,
      1344,
      [
        [100, 168],
        [50, 84],
        [25, 42],
        [13, 21],
        [7, 11],
      ],
    ],
    [
      800,
      1088,
      [
        [100, 136],
        [50, 68],
        [25, 34],
        [13, 17],
        [7, 9],
      ],
    ],
    [
      32,
      32,
      [
        [4, 4],
        [2, 2],
        [1, 1],
        [1, 1],
        [1, 1],
      ],
    ],
    [
      45,
      33,
      [
        [6, 5],
        [3, 3],
        [2, 2],
        [1, 1],
        [1, 1],
      ],
    ],
  ])('infers the grids at %d x %d', async (height, width, grids) => {
    expect(levelGrids(geometryOf(await build({})), height, width)).toEqual(grids);
  });

  it('has head outputs of A * K and A * 4 channels', async () => {
    const network = await build({ classes: 5, anchors: 3 });
    const shapes = inferShapes(network, 64, 96);
    expect(shapes.get('P3.logits')).toEqual([15, 8, 12]);
    expect(shapes.get('P7.deltas')).toEqual([12, 1, 1]);
  });

  it('keeps no weights in the geometry', async () => {
    const { nodes } = geometryOf(await build({ headNorm: 'group', fpn: 32 }));
    const arrays = nodes
      .flatMap((candidate): unknown[] => Object.values(candidate))
      .filter(value => value instanceof Float32Array);
    expect(arrays).toEqual([]);
  });

  it('refuses operations that do not fit together', async () => {
    const network = await build({});
    const add: NetworkNode = { op: 'add', output: 'sum', inputs: ['P3', 'P4'], relu: false };
    expect(() => inferShapes({ ...network, nodes: [...network.nodes, add] }, 64, 64)).toThrow('cannot add shapes');
    expect(() => inferShapes({ ...network, nodes: network.nodes.slice(1) }, 64, 64)).toThrow(
      'is not defined before it',
    );
    const conv = { ...node(network, 'P7', 'conv'), input: 'image' };
    expect(() => inferShapes({ ...network, nodes: [conv] }, 64, 64)).toThrow('found 3 input channels, expected 8');
  });
});

describe('values that no network can have', () => {
  it.each([NaN, Infinity, -Infinity])('names the tensor that holds %d', async value => {
    const tensors = retinaNetTensors();
    const name = 'head.regression_head.conv.1.0.weight';
    const { shape, values } = tensors.get(name) ?? { shape: [], values: new Float32Array() };
    values[17] = value;
    const checkpoint = memoryCheckpoint(tensors.set(name, { shape, values }), 'model.pth');
    const network = buildNetwork(checkpoint, inferArchitecture(checkpoint), { batchNormEps: 1e-5 });
    await expect(network).rejects.toThrow(`model.pth: ${name}: found ${value} at index 17, expected finite weights`);
  });

  it('names a variance that eps 0 cannot carry', async () => {
    const tensors = retinaNetTensors();
    const name = 'backbone.body.layer1.0.bn1.running_var';
    const checkpoint = memoryCheckpoint(tensors.set(name, { shape: [4], values: Float32Array.of(1, 0, 1, 1) }));
    const architecture = inferArchitecture(checkpoint);
    await expect(buildNetwork(checkpoint, architecture, { batchNormEps: 0 })).rejects.toThrow(
      `${name}: found variance 0 at index 1, expected variance + eps to be positive with batch-norm eps 0`,
    );
    await expect(buildNetwork(checkpoint, architecture, { batchNormEps: 1e-5 })).resolves.toBeDefined();
  });
});
