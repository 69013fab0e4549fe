import type { Network, NetworkNode } from '../types';

/**
 * A network of three convolutions with formula weights. It tells soon whether a provider starts, computes
 * and is a real GPU, before the whole network is compiled for it: on a software GPU that alone can take a minute.
 */
export function probeNetwork(): Network {
  const nodes = [
    conv('image', 'stem', [16, 3, 7, 7], 2, true),
    conv('stem', 'features', [16, 16, 3, 3], 1, true),
    conv('features', 'outputs', [4, 16, 1, 1], 1, false),
  ];
  const outputs = [{ level: 'P3', logits: 'outputs', deltas: 'outputs' }];
  return { input: 'image', nodes, outputs, classes: 4, anchorsPerCell: 1 };
}

function conv(
  input: string,
  output: string,
  weightShape: readonly [number, number, number, number],
  stride: number,
  relu: boolean,
): NetworkNode {
  const [out, channels, kernel] = weightShape;
  const fanIn = channels * kernel * kernel;
  // Variance 2 / fan-in keeps the activations' scale (He et al., arXiv 1502.01852); a sine's variance is 1/2.
  const weight = Float32Array.from({ length: out * fanIn }, (_, index) => Math.sin(index) * Math.sqrt(4 / fanIn));
  const bias = Float32Array.from({ length: out }, (_, index) => 0.1 * Math.cos(index));
  return { op: 'conv', input, output, weightShape, weight, bias, stride, padding: (kernel - 1) / 2, groups: 1, relu };
}
