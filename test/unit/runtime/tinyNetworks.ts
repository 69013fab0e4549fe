import { inferArchitecture } from '../../../src/model/architecture';
import { buildNetwork } from '../../../src/model/network/buildNetwork';
import type { Network, NetworkNode } from '../../../src/model/types';
import { memoryCheckpoint } from '../helpers/memoryCheckpoint';
import { seededRandom } from '../helpers/random';
import type { RetinaNetOptions } from '../helpers/retinaNetTensors';
import { retinaNetTensors } from '../helpers/retinaNetTensors';

export function randomValues(count: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, () => 2 * random() - 1);
}

export interface ConvOptions {
  readonly kernel?: number;
  readonly stride?: number;
  readonly padding?: number;
  readonly groups?: number;
  readonly relu?: boolean;
  readonly seed?: number;
}

/** A convolution with random weights. */
export function randomConv(input: string, output: string, channels: number, out: number, options: ConvOptions = {}) {
  const { kernel = 3, stride = 1, padding = (kernel - 1) / 2, groups = 1, relu = false, seed = 1 } = options;
  const weightShape = [out, channels / groups, kernel, kernel] as const;
  const weight = randomValues(out * (channels / groups) * kernel * kernel, seed);
  const bias = randomValues(out, seed + 1000);
  return { op: 'conv', input, output, weightShape, weight, bias, stride, padding, groups, relu } satisfies NetworkNode;
}

/** A network that returns the value `output` of `channels` channels as logits of one anchor per cell. */
export function networkOf(nodes: readonly NetworkNode[], output: string, channels: number): Network {
  const deltas = randomConv(output, 'deltas of the test', channels, 4, { kernel: 1, seed: 77 });
  return {
    input: 'image',
    nodes: [...nodes, deltas],
    outputs: [{ level: 'P3', logits: output, deltas: deltas.output }],
    classes: channels,
    anchorsPerCell: 1,
  };
}

/** A whole RetinaNet of a few channels with random weights. */
export async function tinyRetinaNet(options: RetinaNetOptions = {}): Promise<Network> {
  const checkpoint = memoryCheckpoint(retinaNetTensors(options));
  return buildNetwork(checkpoint, inferArchitecture(checkpoint), { batchNormEps: 1e-5 });
}
