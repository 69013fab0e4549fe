import type { ForwardResult, Network, NetworkNode } from '../types';

type WithoutWeights<Node> = Node extends unknown ? Omit<Node, 'weight' | 'bias' | 'scale'> : never;

/** A network's operations without its weights: all that shapes depend on, and nothing that takes memory. */
export interface NetworkGeometry extends Pick<Network, 'input' | 'outputs'> {
  readonly nodes: readonly WithoutWeights<NetworkNode>[];
}

/** Channels, height and width of a value; the batch is always 1. */
export type ValueShape = readonly [channels: number, height: number, width: number];

export function geometryOf({ input, nodes, outputs }: Network): NetworkGeometry {
  return { input, outputs, nodes: nodes.map(withoutWeights) };
}

/** Height and width of every level's grid for one input size, in the order of the network's outputs. */
export function levelGrids(network: NetworkGeometry, height: number, width: number): ForwardResult['grids'] {
  const shapes = inferShapes(network, height, width);
  return network.outputs.map(({ level, logits }) => {
    const shape = shapes.get(logits);
    if (shape === undefined) throw new Error(`The network has no output for level ${level}.`);
    return [shape[1], shape[2]] as const;
  });
}

/**
 * Shapes of all values of a network for one input size, by name.
 *
 * @throws Error when an operation's inputs do not fit together
 */
export function inferShapes(network: NetworkGeometry, height: number, width: number): Map<string, ValueShape> {
  const shapes = new Map<string, ValueShape>([[network.input, [3, height, width]]]);
  for (const node of network.nodes) shapes.set(node.output, shapeOf(node, shapes));
  return shapes;
}

function shapeOf(node: WithoutWeights<NetworkNode>, shapes: ReadonlyMap<string, ValueShape>): ValueShape {
  const shape = (name: string): ValueShape => {
    const found = shapes.get(name);
    if (found === undefined) throw new Error(`${node.output}: its input ${name} is not defined before it.`);
    return found;
  };
  switch (node.op) {
    case 'conv': {
      const [channels, height, width] = shape(node.input);
      const [out, inPerGroup, kernelHeight, kernelWidth] = node.weightShape;
      if (channels !== inPerGroup * node.groups) {
        throw new Error(`${node.output}: found ${channels} input channels, expected ${inPerGroup * node.groups}.`);
      }
      const { stride, padding } = node;
      return [out, windows(height, kernelHeight, stride, padding), windows(width, kernelWidth, stride, padding)];
    }
    case 'maxPool': {
      const [channels, height, width] = shape(node.input);
      const { kernel, stride, padding } = node;
      return [channels, windows(height, kernel, stride, padding), windows(width, kernel, stride, padding)];
    }
    case 'add': {
      const [first, second] = [shape(node.inputs[0]), shape(node.inputs[1])];
      if (first.some((size, axis) => size !== second[axis])) {
        throw new Error(`${node.output}: cannot add shapes ${first.join('x')} and ${second.join('x')}.`);
      }
      return first;
    }
    case 'upsample': {
      const [, height, width] = shape(node.like);
      return [shape(node.input)[0], height, width];
    }
    case 'groupNorm':
    case 'relu':
      return shape(node.input);
  }
}

/** Positions of a window along one axis, as torch counts them (floor). */
function windows(size: number, kernel: number, stride: number, padding: number): number {
  return Math.floor((size + 2 * padding - kernel) / stride) + 1;
}

function withoutWeights(node: NetworkNode): WithoutWeights<NetworkNode> {
  switch (node.op) {
    case 'conv': {
      const { op, output, input, weightShape, stride, padding, groups, relu } = node;
      return { op, output, input, weightShape, stride, padding, groups, relu };
    }
    case 'groupNorm': {
      const { op, output, input, groups, epsilon, relu } = node;
      return { op, output, input, groups, epsilon, relu };
    }
    default:
      return node;
  }
}
