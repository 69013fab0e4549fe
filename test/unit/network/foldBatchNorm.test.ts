import { describe, expect, it } from 'vitest';
import { foldBatchNorm } from '../../../src/model/network/foldBatchNorm';
import { seededRandom } from '../helpers/random';

describe('foldBatchNorm', () => {
  const random = seededRandom(3);
  const values = (count: number, low = -1, high = 1): Float32Array =>
    Float32Array.from({ length: count }, () => low + (high - low) * random());
  const [channels, size] = [5, 12];
  const norm = { scale: values(5), shift: values(5), mean: values(5), variance: values(5, 0.1, 2) };
  const weight = values(channels * size);
  const bias = values(channels);

  it.each([0, 1e-5, 0.3])('gives what convolution and norm give one after the other, eps %d', eps => {
    const folded = foldBatchNorm(weight, bias, norm, eps);
    const patch = values(size);
    for (let channel = 0; channel < channels; channel++) {
      const dot = (kernel: Float32Array, offset: number): number =>
        patch.reduce((sum, value, index) => sum + value * kernel[channel * size + index], offset);
      const { scale, shift, mean, variance } = norm;
      const expected =
        ((dot(weight, bias[channel]) - mean[channel]) / Math.sqrt(variance[channel] + eps)) * scale[channel] +
        shift[channel];
      expect(dot(folded.weight, folded.bias[channel])).toBeCloseTo(expected, 5);
    }
  });

  it('changes none of its inputs and takes a missing bias as zero', () => {
    const before = [weight, bias, ...Object.values(norm)].map(array => array.slice());
    const withoutBias = foldBatchNorm(weight, undefined, norm, 1e-5);
    expect(withoutBias).toEqual(foldBatchNorm(weight, new Float32Array(channels), norm, 1e-5));
    expect([weight, bias, ...Object.values(norm)]).toEqual(before);
  });
});
