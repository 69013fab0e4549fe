import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { NetworkNode } from '../../types';
import type { TensorFlow } from './tensorFlow';

/** A node with its weights as tensors: filters [kernel height, kernel width, in, out], one per group; vectors [C]. */
export interface LoadedNode {
  readonly node: NetworkNode;
  readonly filters: readonly Tensor4D[];
  readonly biases: readonly Tensor[];
  readonly scale: Tensor | undefined;
}

/** Below every finite activation, and finite itself: infinities slow some kernels down. */
const lowest = -3.4028234663852886e38;

/**
 * Computes one node on values of shape [1, height, width, channels]. Call it inside `tidy`.
 *
 * @param value the tensor of an input by its name
 */
export function compute(tf: TensorFlow, loaded: LoadedNode, value: (name: string) => Tensor4D): Tensor4D {
  const { node } = loaded;
  switch (node.op) {
    case 'conv':
      return conv(tf, loaded, node, value(node.input));
    case 'relu':
      return tf.relu(value(node.input));
    case 'add': {
      const sum = tf.add<Tensor4D>(value(node.inputs[0]), value(node.inputs[1]));
      return node.relu ? tf.relu(sum) : sum;
    }
    case 'maxPool':
      return maxPool(tf, node, value(node.input));
    case 'upsample': {
      // As torch's `interpolate(mode='nearest')`: the source index is floor(index * input size / output size).
      const [, height, width] = value(node.like).shape;
      return tf.image.resizeNearestNeighbor(value(node.input), [height, width], false, false);
    }
    case 'groupNorm':
      return groupNorm(tf, loaded, node, value(node.input));
  }
}

type Node<Op> = Extract<NetworkNode, { op: Op }>;

/** A grouped convolution is one convolution per group, its results side by side. */
function conv(tf: TensorFlow, { filters, biases }: LoadedNode, node: Node<'conv'>, x: Tensor4D): Tensor4D {
  const inputs = filters.length === 1 ? [x] : tf.split<Tensor4D>(x, filters.length, 3);
  const outputs = filters.map((filter, group) =>
    tf.fused.conv2d<Tensor4D>({
      x: inputs[group],
      filter,
      strides: node.stride,
      pad: node.padding,
      dimRoundingMode: 'floor',
      bias: biases[group],
      activation: node.relu ? 'relu' : 'linear',
    }),
  );
  return outputs.length === 1 ? outputs[0] : tf.concat(outputs, 3);
}

/** Pads by hand: TensorFlow's own pooling knows no explicit padding, and XNNPACK's no windows of one pixel. */
function maxPool(tf: TensorFlow, { kernel, stride, padding }: Node<'maxPool'>, x: Tensor4D): Tensor4D {
  const sides: [number, number] = [padding, padding];
  const padded = padding === 0 ? x : tf.pad(x, [[0, 0], sides, sides, [0, 0]], lowest);
  if (kernel > 1) return tf.maxPool(padded, kernel, stride, 'valid');
  return tf.stridedSlice(padded, [0, 0, 0, 0], [...padded.shape], [1, stride, stride, 1]) as Tensor4D;
}

function groupNorm(tf: TensorFlow, { biases, scale }: LoadedNode, node: Node<'groupNorm'>, x: Tensor4D): Tensor4D {
  if (scale === undefined) throw new Error(`${node.output}: its scale is missing.`);
  const [, height, width, channels] = x.shape;
  const perGroup = channels / node.groups;
  const grouped = tf.reshape(x, [height, width, node.groups, perGroup]);
  const centred = tf.sub(grouped, groupMean(tf, grouped));
  const variance = groupMean(tf, tf.square(centred));
  const factor = tf.mul(tf.rsqrt(tf.add(variance, node.epsilon)), tf.reshape(scale, [1, 1, node.groups, perGroup]));
  const scaled: Tensor4D = tf.reshape(tf.mul(centred, factor), [1, height, width, channels]);
  const result = tf.add<Tensor4D>(scaled, biases[0]);
  return node.relu ? tf.relu(result) : result;
}

/**
 * Mean of every group of [height, width, groups, channels], as [1, 1, groups, 1]. Axis by axis: kernels that add up
 * a whole plane in float32 one after the other lose the last digits.
 */
function groupMean(tf: TensorFlow, x: Tensor): Tensor {
  return tf.mean(tf.mean(tf.mean(x, 1, true), 0, true), 3, true);
}
