import { UserError } from '../../common/errors';
import type { DecodedImage, ModelConfig, PreparedImage } from '../types';
import { resizeInto } from './resize';

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
  const padded = { width: paddedWidth, height: paddedHeight };
  resizeInto(image, normalisedValues(config), { width, height }, data, padded);
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

/** What each byte becomes, 256 numbers a channel: (byte / 255 - mean) / std in float32. */
function normalisedValues({ mean, std }: Pick<ModelConfig, 'mean' | 'std'>): Float64Array {
  const values = new Float64Array(3 * 256);
  for (let channel = 0; channel < 3; channel++) {
    for (let byte = 0; byte < 256; byte++) {
      const centred = fround(fround(byte / 255) - fround(mean[channel]));
      values[channel * 256 + byte] = fround(centred / fround(std[channel]));
    }
  }
  return values;
}
