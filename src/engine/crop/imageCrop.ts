import { throwIfCancelled, UserError } from '../../common/errors';
import type { CropRequest, PlacedCrop } from '../../protocol/messages';
import { readImage } from '../imageSteps';
import { lazyNative } from '../lazyNative';
import { planCrop } from './cropRegion';
import { heatOverlay, type HeatSource } from './heatOverlay';

const maxSide = 2000;
const maxOutlines = 100;

/**
 * A label's surroundings as a small picture, with the focal loss laid over where the analysis is still known.
 * @throws UserError naming the image, CancelledError once `signal` aborts
 */
export async function imageCrop(
  request: Omit<CropRequest, 'analysis'>,
  heat: HeatSource | undefined,
  signal?: AbortSignal,
): Promise<PlacedCrop> {
  const { image: file, maxPixels, box, bounds, outlines } = request;
  if (!(bounds.width >= 1 && bounds.width <= maxSide && bounds.height >= 1 && bounds.height <= maxSide))
    throw new UserError(`a crop of ${bounds.width} x ${bounds.height} pixels, expected 1 to ${maxSide}`);
  throwIfCancelled(signal);
  const image = await readImage(file, maxPixels);
  throwIfCancelled(signal);
  // The orientation of TIFF is applied, and swaps the sides from 5 on.
  const { width, height, orientation = 1 } = image.header;
  const turned = image.format === 'tiff' && orientation >= 5;
  const plan = planCrop(box, turned ? { width: height, height: width } : { width, height }, bounds);
  const { cropImage } = await lazyNative('the image decoder', () => import('../../model/image/cropImage'));
  const overlay = heat === undefined ? undefined : heatOverlay(heat, plan.region, plan);
  const webp = await cropImage(image, { ...plan, maxPixels, overlay, outlines: outlines.slice(0, maxOutlines) });
  return {
    uri: `data:image/webp;base64,${webp.toString('base64')}`,
    width: plan.width,
    height: plan.height,
    heat: heat !== undefined,
    region: plan.region,
  };
}
