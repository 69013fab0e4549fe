/** Parameters and running statistics of a batch norm over `channels` channels. */
export interface BatchNormValues {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

export interface FoldedConv {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/**
 * Folds a batch norm in evaluation mode into the convolution before it: y = (conv(x) - mean) * k + shift with
 * k = scale / sqrt(variance + eps) per output channel, computed in float64 and stored as float32.
 *
 * @param weight row-major [out, in / groups, kernel height, kernel width]
 * @param bias [out], or undefined for none
 */
export function foldBatchNorm(
  weight: Float32Array,
  bias: Float32Array | undefined,
  { scale, shift, mean, variance }: BatchNormValues,
  eps: number,
): FoldedConv {
  const channels = scale.length;
  const size = weight.length / channels;
  const foldedWeight = new Float32Array(weight.length);
  const foldedBias = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const k = scale[channel] / Math.sqrt(variance[channel] + eps);
    foldedBias[channel] = shift[channel] + ((bias ? bias[channel] : 0) - mean[channel]) * k;
    for (let index = channel * size; index < (channel + 1) * size; index++) {
      foldedWeight[index] = weight[index] * k;
    }
  }
  return { weight: foldedWeight, bias: foldedBias };
}
