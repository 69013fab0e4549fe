import type { NetworkNode } from '../../types';
import type { OnnxAttribute, OnnxConstant, OnnxModel, OnnxNode, OnnxValue, OnnxWeight } from './onnxProto';

/** Opset 17: all operations used are in it, and every execution provider knows it. */
const opset = 17;

/** An ONNX model and the contents of its external files by name. */
export interface BuiltGraph {
  readonly model: OnnxModel;
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** Translates operations of the neutral network to ONNX; arrays that several nodes share become one weight. */
export class GraphBuilder {
  private readonly nodes: OnnxNode[] = [];
  private readonly constants = new Map<string, OnnxConstant>();
  private readonly weights = new Map<string, Float32Array>();
  private readonly weightInfos: OnnxWeight[] = [];
  private readonly weightNames = new Map<Float32Array, string>();

  add(node: NetworkNode): void {
    switch (node.op) {
      case 'conv':
        this.emit(
          'Conv',
          [node.input, this.weight(node.weight, node.weightShape), this.weight(node.bias, [node.bias.length])],
          this.beforeRelu(node),
          {
            kernel_shape: ints(node.weightShape.slice(2)),
            strides: ints([node.stride, node.stride]),
            pads: ints(Array<number>(4).fill(node.padding)),
            group: int(node.groups),
          },
        );
        break;
      case 'relu':
        this.emit('Relu', [node.input], node.output);
        break;
      case 'add':
        this.emit('Add', node.inputs, this.beforeRelu(node));
        break;
      case 'maxPool':
        this.emit('MaxPool', [node.input], node.output, {
          kernel_shape: ints([node.kernel, node.kernel]),
          strides: ints([node.stride, node.stride]),
          pads: ints(Array<number>(4).fill(node.padding)),
        });
        break;
      case 'upsample':
        this.upsample(node);
        break;
      case 'groupNorm':
        this.groupNorm(node);
        break;
    }
    if ('relu' in node && node.relu) this.emit('Relu', [linear(node.output)], node.output);
  }

  /** Appends one ONNX operation and returns its output's name. */
  emit(
    op: string,
    inputs: readonly string[],
    output: string,
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): string {
    this.nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  }

  /** The name of an int64 constant. */
  constant(values: readonly number[]): string {
    const name = `int64[${values.join(',')}]`;
    this.constants.set(name, { name, values });
    return name;
  }

  build(inputs: readonly OnnxValue[], outputs: readonly OnnxValue[]): BuiltGraph {
    const constants = [...this.constants.values()];
    const model = { opset, inputs, outputs, nodes: this.nodes, constants, weights: this.weightInfos };
    return { model, weights: this.weights };
  }

  private weight(values: Float32Array, shape: readonly number[]): string {
    const known = this.weightNames.get(values);
    if (known !== undefined) return known;
    const name = `weight${this.weightInfos.length}`;
    this.weightNames.set(values, name);
    this.weights.set(name, values);
    this.weightInfos.push({ name, shape, byteLength: values.byteLength });
    return name;
  }

  private beforeRelu(node: { readonly output: string; readonly relu: boolean }): string {
    return node.relu ? linear(node.output) : node.output;
  }

  /** torch's `interpolate(mode='nearest')`: the source index is floor(index * input size / output size). */
  private upsample({ input, like, output }: Extract<NetworkNode, { op: 'upsample' }>): void {
    // The output shape: batch and channels of the input, height and width of `like`.
    const shapes = [input, like].map((value, index) => {
      const shape = this.emit('Shape', [value], `${output}.shape${index}`);
      const [start, end] = index === 0 ? [0, 2] : [2, 4];
      const range = [this.constant([start]), this.constant([end])];
      return this.emit('Slice', [shape, ...range], `${output}.size${index}`);
    });
    const sizes = this.emit('Concat', shapes, `${output}.sizes`, { axis: int(0) });
    this.emit('Resize', [input, '', '', sizes], output, {
      mode: string('nearest'),
      coordinate_transformation_mode: string('asymmetric'),
      nearest_mode: string('floor'),
    });
  }

  /**
   * Group norm as the instance norm of the groups, an operation that every provider has. In a Reshape to
   * [0, groups, -1, 0] zeros keep a dimension, so that height and width stay free.
   */
  private groupNorm(node: Extract<NetworkNode, { op: 'groupNorm' }>): void {
    const { output, groups, scale, bias, epsilon } = node;
    const channels = scale.length;
    const grouped = this.emit('Reshape', [node.input, this.constant([0, groups, -1, 0])], `${output}.grouped`);
    const [ones, zeros] = [this.unit(groups, 1), this.unit(groups, 0)];
    const normal = this.emit('InstanceNormalization', [grouped, ones, zeros], `${output}.normal`, {
      epsilon: { kind: 'float', value: epsilon },
    });
    const ungrouped = this.emit('Reshape', [normal, this.constant([0, channels, -1, 0])], `${output}.ungrouped`);
    const perChannel = [channels, 1, 1];
    const scaled = this.emit('Mul', [ungrouped, this.weight(scale, perChannel)], `${output}.scaled`);
    this.emit('Add', [scaled, this.weight(bias, perChannel)], this.beforeRelu(node));
  }

  /** A weight of `count` equal values. */
  private unit(count: number, value: number): string {
    const name = `float[${count}x${value}]`;
    if (!this.weights.has(name)) {
      const values = new Float32Array(count).fill(value);
      this.weights.set(name, values);
      this.weightInfos.push({ name, shape: [count], byteLength: values.byteLength });
    }
    return name;
  }
}

/** The value before a fused ReLU. */
function linear(output: string): string {
  return `${output}.linear`;
}

export function int(value: number): OnnxAttribute {
  return { kind: 'int', value };
}

export function ints(value: readonly number[]): OnnxAttribute {
  return { kind: 'ints', value };
}

function string(value: string): OnnxAttribute {
  return { kind: 'string', value };
}
