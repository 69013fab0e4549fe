import { UserError } from '../../common/errors';
import type { DecodedImage, ModelConfig, PreparedImage } from '../types';

const { fround } = Math;

/** Padded sizes are multiples of this. */
const sizeDivisor = 32;

/**
 * Normalises, resizes and pads an image as torchvision's `GeneralizedRCNNTransform` does at evaluation:
 * (x / 255 - mean) / std, then bilinear without antialiasing (half-pixel centres), then zeros on the right and at
 * the bottom up to a multiple of 32; all of it in float32.
 *
 * @throws UserError when the image is so narrow that nothing of it is left after resizing
 */
export function prepareImage(
  image: DecodedImage,
  config: Pick<ModelConfig, 'minSize' | 'maxSize' | 'mean' | 'std'>,
): PreparedImage {
  const { width, height } = resizedSize(image.width, image.height, config);
  const paddedWidth = Math.ceil(width / sizeDivisor) * sizeDivisor;
  const paddedHeight = Math.ceil(height / sizeDivisor) * sizeDivisor;
  const data = new Float32Array(3 * paddedHeight * paddedWidth);
  const columns = interpolation(image.width, width);
  const rows = interpolation(image.height, height);
  for (let channel = 0; channel < 3; channel++) {
    const values = normalisedValues(config.mean[channel], config.std[channel]);
    const plane = data.subarray(channel * paddedHeight * paddedWidth, (channel + 1) * paddedHeight * paddedWidth);
    resizeChannel(image, channel, values, columns, rows, plane, paddedWidth);
  }
  return {
    data,
    width,
    height,
    paddedWidth,
    paddedHeight,
    scaleX: fround(width / image.width),
    scaleY: fround(height / image.height),
  };
}

/**
 * Size after resizing: the scale is float32 (torch divides by multiplying with the reciprocal), the product with
 * the image's size double and rounded down, so that a minimum size of 800 can come out as 799.
 */
export function resizedSize(
  width: number,
  height: number,
  { minSize, maxSize }: Pick<ModelConfig, 'minSize' | 'maxSize'>,
): { width: number; height: number } {
  const shortScale = fround(fround(1 / Math.min(width, height)) * fround(minSize));
  const longScale = fround(fround(1 / Math.max(width, height)) * fround(maxSize));
  const scale = Math.min(shortScale, longScale);
  const resized = { width: Math.floor(width * scale), height: Math.floor(height * scale) };
  if (resized.width === 0 || resized.height === 0) {
    throw new UserError(
      `an image of ${width} x ${height} pixels has no pixels left at a scale of ${scale.toPrecision(3)}`,
      { remedy: 'raise maxSize in the model card or leave the image out' },
    );
  }
  return resized;
}

/**
 * For every output index its two source indices and the weight of the second. As in torch the scale and the
 * weight are float32, the position between them is double.
 */
interface Interpolation {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly weight: Float32Array;
}

function interpolation(inputSize: number, outputSize: number): Interpolation {
  const first = new Int32Array(outputSize);
  const second = new Int32Array(outputSize);
  const weight = new Float32Array(outputSize);
  const scale = fround(inputSize / outputSize);
  for (let i = 0; i < outputSize; i++) {
    const position = Math.max(0, scale * (i + 0.5) - 0.5);
    first[i] = Math.floor(position);
    second[i] = Math.min(first[i] + 1, inputSize - 1);
    weight[i] = position - first[i];
  }
  return { first, second, weight };
}

/** What each byte becomes: (byte / 255 - mean) / std in float32. */
function normalisedValues(mean: number, std: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => fround(fround(byte / 255) - fround(mean)) / fround(std));
}

/** Resizes one channel into the top left of `plane`. Each source row is interpolated horizontally once. */
function resizeChannel(
  image: DecodedImage,
  channel: number,
  values: Float32Array,
  columns: Interpolation,
  rows: Interpolation,
  plane: Float32Array,
  stride: number,
): void {
  const width = columns.first.length;
  let upper = { row: -1, values: new Float32Array(width) };
  let lower = { row: -1, values: new Float32Array(width) };
  for (let y = 0; y < rows.first.length; y++) {
    if (lower.row === rows.first[y]) [upper, lower] = [lower, upper];
    fill(upper, rows.first[y]);
    fill(lower, rows.second[y]);
    const a = upper.values;
    const b = lower.values;
    const weight = rows.weight[y];
    const rest = fround(1 - weight);
    const start = y * stride;
    for (let x = 0; x < width; x++) plane[start + x] = a[x] * rest + b[x] * weight;
  }

  function fill(line: { row: number; values: Float32Array }, row: number): void {
    if (line.row === row) return;
    line.row = row;
    const start = row * image.width * 3 + channel;
    const { first, second, weight } = columns;
    for (let x = 0; x < width; x++) {
      const left = values[image.data[start + first[x] * 3]];
      const right = values[image.data[start + second[x] * 3]];
      line.values[x] = left * fround(1 - weight[x]) + right * weight[x];
    }
  }
}
