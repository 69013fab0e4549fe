import type { Rank, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Network, NetworkNode } from '../../types';
import type { TensorFlow } from './tensorFlow';
import type { LoadedNode } from './tfjsOperations';

/** A network's operations without arrays, their weights as tensors. */
export interface LoadedNetwork {
  readonly nodes: readonly LoadedNode[];
  dispose(): void;
}

/** Copies the weights into tensors of the current backend. Arrays that several nodes share become one tensor. */
export function loadWeights(tf: TensorFlow, { nodes }: Network): LoadedNetwork {
  const known = new Map<Float32Array, readonly Tensor[]>();
  const dispose = (): void => {
    for (const tensors of known.values()) tensors.forEach(tensor => tensor.dispose());
    known.clear();
  };
  const once = <T extends Tensor>(values: Float32Array, make: () => T[]): T[] => {
    const found = known.get(values) as T[] | undefined;
    const tensors = found ?? make();
    known.set(values, tensors);
    return tensors;
  };
  const load = (node: NetworkNode): LoadedNode => {
    switch (node.op) {
      case 'conv':
        return {
          node: { ...node, weight: none, bias: none },
          filters: once(node.weight, () => filtersOf(tf, node)),
          biases: once(node.bias, () => vectors(tf, node.bias, node.groups)),
          scale: undefined,
        };
      case 'groupNorm':
        return {
          node: { ...node, scale: none, bias: none },
          filters: [],
          biases: once(node.bias, () => vectors(tf, node.bias, 1)),
          scale: once(node.scale, () => vectors(tf, node.scale, 1))[0],
        };
      default:
        return { node, filters: [], biases: [], scale: undefined };
    }
  };
  try {
    return { nodes: nodes.map(load), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** In place of arrays that the backend has copied. */
const none = new Float32Array(0);

/** [out, in / groups, height, width] as one [height, width, in / groups, out / groups] per group. */
function filtersOf(tf: TensorFlow, { weight, weightShape, groups }: Extract<NetworkNode, { op: 'conv' }>): Tensor4D[] {
  const [out, ...rest] = weightShape;
  const size = weight.length / groups;
  return Array.from({ length: groups }, (_, group) =>
    tf.tidy(() => {
      const values = weight.slice(group * size, (group + 1) * size);
      return tf.transpose(tf.tensor<Rank.R4>(values, [out / groups, ...rest]), [2, 3, 1, 0]);
    }),
  );
}

function vectors(tf: TensorFlow, values: Float32Array, count: number): Tensor[] {
  const size = values.length / count;
  return Array.from({ length: count }, (_, index) => tf.tensor(values.slice(index * size, (index + 1) * size), [size]));
}
