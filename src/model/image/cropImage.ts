import sharp, { type OverlayOptions } from 'sharp';
import type { XywhBox } from '../../common/boxes';
import { decodePixels } from './decodeImage';
import type { ImageFile } from './imageFile';

/** Whole pixels of the image as stored; lies in it and is not empty. */
export interface PixelRegion {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A box drawn on a crop, original image pixels. */
export interface Outline {
  readonly bbox: XywhBox;
  /** `#rrggbb`. */
  readonly color: string;
  readonly dashed: boolean;
}

export interface CropOptions {
  readonly maxPixels: number;
  readonly region: PixelRegion;
  /** Of the picture made. */
  readonly width: number;
  readonly height: number;
  /** RGBA, not premultiplied, of the picture's size. */
  readonly overlay: Uint8Array | undefined;
  readonly outlines: readonly Outline[];
}

/**
 * A part of an image as WebP, with the pixels {@link decodePixels} gives, an overlay and boxes.
 * @throws UserError naming the file
 */
export async function cropImage(image: ImageFile, options: CropOptions): Promise<Buffer> {
  const { region, width, height, overlay, outlines, maxPixels } = options;
  const decoded = await decodePixels(image, { maxPixels });
  const raw = { width: decoded.width, height: decoded.height, channels: 3 } as const;
  const layers: OverlayOptions[] = [];
  if (overlay !== undefined) layers.push({ input: Buffer.from(overlay), raw: { width, height, channels: 4 } });
  if (outlines.length > 0) layers.push({ input: Buffer.from(outlineSvg(options)) });
  return sharp(decoded.data, { raw, limitInputPixels: maxPixels })
    .extract(region)
    .resize(width, height, { fit: 'fill', kernel: region.width < width ? 'cubic' : 'lanczos3' })
    .composite(layers)
    .webp({ quality: 82 })
    .toBuffer();
}

const isColor = /^#[0-9a-f]{6}$/i;

/** Boxes with a dark halo. Numbers and a checked color are all that enters the text. */
function outlineSvg({ region, width, height, outlines }: CropOptions): string {
  const [scaleX, scaleY] = [width / region.width, height / region.height];
  const rects = outlines.map(({ bbox: [x, y, w, h], color, dashed }) => {
    const place = [(x - region.left) * scaleX, (y - region.top) * scaleY, w * scaleX, h * scaleY].map(clamped);
    const [left, top, boxWidth, boxHeight] = place.map(value => value.toFixed(2));
    const rect = `<rect x="${left}" y="${top}" width="${boxWidth}" height="${boxHeight}" rx="1.5" fill="none"`;
    const stroke = isColor.test(color) ? color : '#ffffff';
    const dashes = dashed ? ' stroke-dasharray="6 4"' : '';
    return `${rect} stroke="#000000" stroke-opacity="0.55" stroke-width="4"/>${rect} stroke="${stroke}" stroke-width="2"${dashes}/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${rects.join('')}</svg>`;
}

/** SVG renderers dislike huge coordinates; what is that far outside is not seen. */
function clamped(value: number): number {
  return Number.isFinite(value) ? Math.min(1e5, Math.max(-1e5, value)) : 0;
}
