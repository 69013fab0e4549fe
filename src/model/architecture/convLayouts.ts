import type { ConvLayout, ConvShape, NormLayout } from './retinaNetLayout';
import type { ExpectedDimension, TensorClaims } from './tensorClaims';

export interface ConvExpectation {
  readonly out: ExpectedDimension;
  /** Input channels; a convolution whose weight has fewer is a grouped one, if `grouped` allows it. */
  readonly input: number;
  readonly kernel: number;
  readonly stride: number;
  readonly grouped?: boolean;
}

/** A convolution without normalisation: `prefix.weight` and `prefix.bias`. */
export function readBiasedConv(claims: TensorClaims, prefix: string, expected: ConvExpectation): ConvLayout {
  const conv = readConv(claims, prefix, expected);
  const bias = `${prefix}.bias`;
  claims.claim(bias, [conv.shape[0]]);
  return { ...conv, bias };
}

/** A convolution without bias, followed by a BatchNorm2d or FrozenBatchNorm2d, as everywhere in a ResNet. */
export function readBatchNormConv(
  claims: TensorClaims,
  prefix: string,
  normPrefix: string,
  expected: ConvExpectation,
): ConvLayout {
  const conv = readConv(claims, prefix, expected);
  return { ...conv, norm: readBatchNorm(claims, normPrefix, conv.shape[0]) };
}

/**
 * torchvision's Conv2dNormActivation: `prefix.0` is the convolution and `prefix.1` its normalisation, if it has one.
 * Batch norm is told from group norm by its running statistics.
 */
export function readConvNormActivation(claims: TensorClaims, prefix: string, expected: ConvExpectation): ConvLayout {
  const norm = `${prefix}.1`;
  const has = (...parts: string[]): boolean => parts.some(part => claims.has(`${norm}.${part}`));
  if (!has('weight', 'bias')) return readBiasedConv(claims, `${prefix}.0`, expected);
  const conv = claims.has(`${prefix}.0.bias`)
    ? readBiasedConv(claims, `${prefix}.0`, expected)
    : readConv(claims, `${prefix}.0`, expected);
  const channels = conv.shape[0];
  if (has('running_mean', 'running_var')) return { ...conv, norm: readBatchNorm(claims, norm, channels) };
  return { ...conv, norm: readGroupNorm(claims, norm, channels) };
}

/** Groups of every GroupNorm: `partial(nn.GroupNorm, 32)` in torchvision; no tensor tells the number. */
export const groupNormGroups = 32;

function readConv(claims: TensorClaims, prefix: string, expected: ConvExpectation): ConvLayout {
  const { out, input, kernel, stride, grouped = false } = expected;
  const weight = `${prefix}.weight`;
  const found = claims.claim(weight, [out, grouped ? 'input channels / groups' : input, kernel, kernel]);
  const shape: ConvShape = [found[0], found[1], kernel, kernel];
  const groups = input / shape[1];
  if (!Number.isInteger(groups) || shape[0] % groups !== 0) {
    throw claims.fault(
      weight,
      `found shape [${shape.join(', ')}], expected a second dimension that divides ${input} input channels into groups`,
    );
  }
  return { weight, shape, bias: undefined, stride, padding: (kernel - 1) / 2, groups, norm: undefined };
}

function readBatchNorm(claims: TensorClaims, prefix: string, channels: number): NormLayout {
  for (const part of ['weight', 'bias', 'running_mean', 'running_var']) claims.claim(`${prefix}.${part}`, [channels]);
  claims.skip(`${prefix}.num_batches_tracked`);
  return { kind: 'batch', prefix };
}

function readGroupNorm(claims: TensorClaims, prefix: string, channels: number): NormLayout {
  for (const part of ['weight', 'bias']) claims.claim(`${prefix}.${part}`, [channels]);
  if (channels % groupNormGroups !== 0) {
    throw claims.fault(
      `${prefix}.weight`,
      `found ${channels} channels, expected a multiple of torchvision's ${groupNormGroups} groups`,
    );
  }
  return { kind: 'group', prefix };
}
