import type { Network, NetworkNode } from '../../../src/model/types';

/** A value [channels, height, width] in float64. */
export interface NaiveValue {
  readonly shape: readonly [number, number, number];
  readonly data: Float64Array;
}

/** Interprets a network straight from the definition of its operations, slowly and in float64. */
export function runNaively(network: Network, input: Float32Array, height: number, width: number) {
  const values = new Map<string, NaiveValue>([
    [network.input, { shape: [3, height, width], data: Float64Array.from(input) }],
  ]);
  for (const node of network.nodes)
    values.set(
      node.output,
      evaluate(node, name => valueOf(values, name)),
    );
  const collect = (output: 'logits' | 'deltas', columns: number): Float64Array =>
    Float64Array.from(
      network.outputs.flatMap(level => anchorRows(valueOf(values, level[output]), network.anchorsPerCell, columns)),
    );
  return { values, logits: collect('logits', network.classes), deltas: collect('deltas', 4) };
}

function valueOf(values: ReadonlyMap<string, NaiveValue>, name: string): NaiveValue {
  const value = values.get(name);
  if (value === undefined) throw new Error(`no value ${name}`);
  return value;
}

/** (A * K, h, w) in (y, x, anchor, column) order. */
function anchorRows({ shape: [, height, width], data }: NaiveValue, anchors: number, columns: number): number[] {
  const rows: number[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let anchor = 0; anchor < anchors; anchor++)
        for (let column = 0; column < columns; column++)
          rows.push(data[((anchor * columns + column) * height + y) * width + x]);
  return rows;
}

function evaluate(node: NetworkNode, value: (name: string) => NaiveValue): NaiveValue {
  switch (node.op) {
    case 'conv': {
      const input = value(node.input);
      const [out, inPerGroup, kernelHeight, kernelWidth] = node.weightShape;
      const perGroup = out / node.groups;
      return window(input, out, [kernelHeight, kernelWidth], node, (pixel, channel) => {
        let sum = node.bias[channel];
        for (let inner = 0; inner < inPerGroup; inner++) {
          const inputChannel = Math.floor(channel / perGroup) * inPerGroup + inner;
          for (let ky = 0; ky < kernelHeight; ky++)
            for (let kx = 0; kx < kernelWidth; kx++)
              sum +=
                node.weight[((channel * inPerGroup + inner) * kernelHeight + ky) * kernelWidth + kx] *
                (pixel(inputChannel, ky, kx) ?? 0);
        }
        return node.relu ? Math.max(0, sum) : sum;
      });
    }
    case 'maxPool': {
      const input = value(node.input);
      return window(input, input.shape[0], [node.kernel, node.kernel], node, (pixel, channel) => {
        let largest = -Infinity;
        for (let ky = 0; ky < node.kernel; ky++)
          for (let kx = 0; kx < node.kernel; kx++) largest = Math.max(largest, pixel(channel, ky, kx) ?? -Infinity);
        return largest;
      });
    }
    case 'relu':
      return map(value(node.input), item => Math.max(0, item));
    case 'add': {
      const [first, second] = node.inputs.map(value);
      return map(first, (item, index) =>
        node.relu ? Math.max(0, item + second.data[index]) : item + second.data[index],
      );
    }
    case 'upsample': {
      const { shape, data } = value(node.input);
      const [, height, width] = value(node.like).shape;
      const source = (target: number, from: number, to: number): number => Math.floor((target * from) / to);
      const result = new Float64Array(shape[0] * height * width);
      for (let channel = 0; channel < shape[0]; channel++)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++)
            result[(channel * height + y) * width + x] =
              data[(channel * shape[1] + source(y, shape[1], height)) * shape[2] + source(x, shape[2], width)];
      return { shape: [shape[0], height, width], data: result };
    }
    case 'groupNorm': {
      const input = value(node.input);
      const size = input.data.length / node.groups;
      const moments = Array.from({ length: node.groups }, (_, group) => {
        const items = input.data.subarray(group * size, (group + 1) * size);
        const mean = items.reduce((sum, item) => sum + item, 0) / size;
        return { mean, variance: items.reduce((sum, item) => sum + (item - mean) ** 2, 0) / size };
      });
      const plane = input.shape[1] * input.shape[2];
      return map(input, (item, index) => {
        const { mean, variance } = moments[Math.floor(index / size)];
        const channel = Math.floor(index / plane);
        const normal = (item - mean) / Math.sqrt(variance + node.epsilon);
        const result = normal * node.scale[channel] + node.bias[channel];
        return node.relu ? Math.max(0, result) : result;
      });
    }
  }
}

function map({ shape, data }: NaiveValue, change: (item: number, index: number) => number): NaiveValue {
  return { shape, data: data.map(change) };
}

type Pixel = (channel: number, ky: number, kx: number) => number | undefined;

function window(
  { shape: [, height, width], data }: NaiveValue,
  channels: number,
  [kernelHeight, kernelWidth]: readonly [number, number],
  { stride, padding }: { stride: number; padding: number },
  compute: (pixel: Pixel, channel: number) => number,
): NaiveValue {
  const outHeight = Math.floor((height + 2 * padding - kernelHeight) / stride) + 1;
  const outWidth = Math.floor((width + 2 * padding - kernelWidth) / stride) + 1;
  const result = new Float64Array(channels * outHeight * outWidth);
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < outHeight; y++)
      for (let x = 0; x < outWidth; x++)
        result[(channel * outHeight + y) * outWidth + x] = compute((from, ky, kx) => {
          const [sourceY, sourceX] = [y * stride + ky - padding, x * stride + kx - padding];
          if (sourceY < 0 || sourceY >= height || sourceX < 0 || sourceX >= width) return undefined;
          return data[(from * height + sourceY) * width + sourceX];
        }, channel);
  return { shape: [channels, outHeight, outWidth], data: result };
}
