import type { XywhBox } from '../../common/boxes';
import type { PixelRegion } from '../../model/image/cropImage';

/** What surrounds a box in its crop, as a share of the box's larger side, at each side. */
const margin = 0.35;
/** Sides of the smallest region, image pixels: below, a picture is nothing but squares. */
const smallest = 40;
/** Pixels of a crop for one of the image, at most. */
const maxScale = 6;

export interface CropPlan {
  readonly region: PixelRegion;
  /** Of the crop. */
  readonly width: number;
  readonly height: number;
}

/**
 * The region of an image that shows a box with what surrounds it, and the size of its picture, within bounds. The
 * region keeps the bounds' shape where the image is large enough.
 * @param box may be degenerate or lie outside the image
 */
export function planCrop(
  box: XywhBox,
  image: { readonly width: number; readonly height: number },
  bounds: { readonly width: number; readonly height: number },
): CropPlan {
  const [x, y, w, h] = box;
  const [boxWidth, boxHeight] = [Math.abs(w), Math.abs(h)];
  const [centreX, centreY] = [x + w / 2, y + h / 2];
  const around = 2 * margin * Math.max(boxWidth, boxHeight);
  const shape = bounds.width / bounds.height;
  const height = Math.max(boxHeight + around, (boxWidth + around) / shape, smallest);
  const horizontal = span(centreX, height * shape, image.width);
  const vertical = span(centreY, height, image.height);
  const region = { left: horizontal.from, top: vertical.from, width: horizontal.length, height: vertical.length };
  const scale = Math.min(maxScale, bounds.width / region.width, bounds.height / region.height);
  return {
    region,
    width: Math.max(1, Math.round(region.width * scale)),
    height: Math.max(1, Math.round(region.height * scale)),
  };
}

/** Whole pixels around `centre`, moved into 0 to `limit` where they can be. */
function span(centre: number, length: number, limit: number): { from: number; length: number } {
  const size = Math.max(1, Math.min(limit, Math.ceil(Number.isFinite(length) ? length : limit)));
  const from = Math.round((Number.isFinite(centre) ? centre : 0) - size / 2);
  return { from: Math.min(Math.max(0, from), limit - size), length: size };
}
