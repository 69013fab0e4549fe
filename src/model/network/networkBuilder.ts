import { UserError } from '../../common/errors';
import { groupNormGroups } from '../architecture/convLayouts';
import type { ConvLayout } from '../architecture/retinaNetLayout';
import type { Checkpoint, NetworkNode } from '../types';
import { foldBatchNorm } from './foldBatchNorm';
import { firstNonFinite, readWeights } from './readWeights';

/** torch's default of `nn.GroupNorm`. */
const groupNormEps = 1e-5;

type ConvNode = Extract<NetworkNode, { op: 'conv' }>;
type GroupNormNode = Extract<NetworkNode, { op: 'groupNorm' }>;

/** A convolution with its normalisation, read once and applicable to any number of inputs. */
export interface LoadedConv {
  readonly conv: Omit<ConvNode, 'input' | 'output' | 'relu'>;
  readonly groupNorm: Omit<GroupNormNode, 'input' | 'output' | 'relu'> | undefined;
}

/** Appends operations to a network; every method returns the name of the value it makes. */
export class NetworkBuilder {
  readonly nodes: NetworkNode[] = [];

  constructor(
    private readonly checkpoint: Checkpoint,
    private readonly batchNormEps: number,
  ) {}

  /** Reads a convolution, folding its batch norm, if it has one. */
  async load(layout: ConvLayout): Promise<LoadedConv> {
    const { shape: weightShape, stride, padding, groups, norm } = layout;
    const weight = await this.read(layout.weight);
    const bias = layout.bias === undefined ? undefined : await this.read(layout.bias);
    const conv = { op: 'conv', weightShape, stride, padding, groups } as const;
    if (norm?.kind === 'batch') {
      const folded = await this.fold(norm.prefix, weight, bias);
      return { conv: { ...conv, ...folded }, groupNorm: undefined };
    }
    const plain = { ...conv, weight, bias: bias ?? new Float32Array(weightShape[0]) };
    if (norm === undefined) return { conv: plain, groupNorm: undefined };
    const scale = await this.read(`${norm.prefix}.weight`);
    const shift = await this.read(`${norm.prefix}.bias`);
    return {
      conv: plain,
      groupNorm: { op: 'groupNorm', groups: groupNormGroups, scale, bias: shift, epsilon: groupNormEps },
    };
  }

  /** Convolution, normalisation and, if asked for, ReLU. */
  apply({ conv, groupNorm }: LoadedConv, input: string, output: string, relu: boolean): string {
    if (groupNorm === undefined) {
      this.nodes.push({ ...conv, input, output, relu });
      return output;
    }
    const unnormalised = `${output}.conv`;
    this.nodes.push({ ...conv, input, output: unnormalised, relu: false });
    this.nodes.push({ ...groupNorm, input: unnormalised, output, relu });
    return output;
  }

  /** {@link load} and {@link apply} for a convolution that is used once. */
  async conv(layout: ConvLayout, input: string, output: string, relu: boolean): Promise<string> {
    return this.apply(await this.load(layout), input, output, relu);
  }

  add(inputs: readonly [string, string], output: string, relu: boolean): string {
    this.nodes.push({ op: 'add', inputs, output, relu });
    return output;
  }

  relu(input: string, output: string): string {
    this.nodes.push({ op: 'relu', input, output });
    return output;
  }

  maxPool(input: string, output: string, kernel: number, stride: number, padding: number): string {
    this.nodes.push({ op: 'maxPool', input, output, kernel, stride, padding });
    return output;
  }

  upsample(input: string, like: string, output: string): string {
    this.nodes.push({ op: 'upsample', input, like, output });
    return output;
  }

  private read(name: string): Promise<Float32Array> {
    return readWeights(this.checkpoint, name);
  }

  private async fold(prefix: string, weight: Float32Array, bias: Float32Array | undefined) {
    const variance = await this.read(`${prefix}.running_var`);
    const channel = variance.findIndex(value => !(value + this.batchNormEps > 0));
    if (channel >= 0) {
      throw new UserError(
        `found variance ${variance[channel]} at index ${channel}, expected variance + eps to be positive with batch-norm eps ${this.batchNormEps}`,
        {
          where: `${this.checkpoint.file}: ${prefix}.running_var`,
          remedy: 'set batchNormEps in the model card to the value of the training',
        },
      );
    }
    const scale = await this.read(`${prefix}.weight`);
    const shift = await this.read(`${prefix}.bias`);
    const mean = await this.read(`${prefix}.running_mean`);
    const folded = foldBatchNorm(weight, bias, { scale, shift, mean, variance }, this.batchNormEps);
    if (firstNonFinite(folded.weight) >= 0 || firstNonFinite(folded.bias) >= 0) {
      throw new UserError('batch norm overflows float32 when it is folded, expected finite weights', {
        where: `${this.checkpoint.file}: ${prefix}`,
        remedy: 'set batchNormEps in the model card to the value of the training',
      });
    }
    return folded;
  }
}
