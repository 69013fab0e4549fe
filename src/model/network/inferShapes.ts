import type { Network, NetworkNode } from '../types';

/** Channels, height and width of a value; the batch is always 1. */
export type ValueShape = readonly [channels: number, height: number, width: number];

/**
 * Shapes of all values of a network for one input size, by name.
 *
 * @throws Error when an operation's inputs do not fit together
 */
export function inferShapes(network: Network, height: number, width: number): Map<string, ValueShape> {
  const shapes = new Map<string, ValueShape>([[network.input, [3, height, width]]]);
  for (const node of network.nodes) shapes.set(node.output, shapeOf(node, shapes));
  return shapes;
}

function shapeOf(node: NetworkNode, shapes: ReadonlyMap<string, ValueShape>): ValueShape {
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
    case 'groupNorm': {
      const found = shape(node.input);
      if (found[0] !== node.scale.length) {
        throw new Error(`${node.output}: found ${found[0]} channels, expected ${node.scale.length}.`);
      }
      return found;
    }
    case 'relu':
      return shape(node.input);
  }
}

/** Positions of a window along one axis, as torch counts them (floor). */
function windows(size: number, kernel: number, stride: number, padding: number): number {
  return Math.floor((size + 2 * padding - kernel) / stride) + 1;
}
