import { UserError } from '../../common/errors';
import type { DecodedImage } from '../types';
import { decoder, type ImageFile, readImageFile, undecodable } from './imageFile';
import { cmykToRgb, highBytes, toRgb } from './pixels';

/**
 * Decodes an image to the RGB8 pixels PIL's `Image.open(file).convert('RGB')` gives: EXIF orientation is not
 * applied, alpha is dropped without blending, colour profiles are ignored, CMYK is converted by PIL's
 * arithmetic, of animations and multi-page files the first picture is taken. The one difference is 16-bit
 * greyscale: PIL clips it to 255, which leaves a nearly white picture; here it keeps the high byte, as PIL does
 * for 16-bit RGB and OpenCV for both.
 *
 * @param options.maxPixels width times height above which the image is refused before it is decoded
 * @throws UserError naming the file
 */
export async function decodeImage(file: string, options: { maxPixels: number }): Promise<DecodedImage> {
  return decodePixels(await readImageFile(file, options), options);
}

/** {@link decodeImage} for a file that has been read. */
export async function decodePixels(image: ImageFile, options: { maxPixels: number }): Promise<DecodedImage> {
  const { space, depth } = image.header;
  const cmyk = space === 'cmyk';
  const wide = depth === 'ushort';
  if (!['srgb', 'b-w', 'rgb16', 'grey16', 'cmyk'].includes(space) || (depth !== 'uchar' && !wide)) {
    throw new UserError(`found ${depth} pixels in color space ${space}, expected 8 or 16 bits of gray, RGB or CMYK`, {
      where: image.file,
      remedy: 'convert the image to 8-bit RGB',
    });
  }

  const decode = async (strict: boolean): Promise<DecodedImage> => {
    let pipeline = decoder(image, { ...options, strict });
    // With the stored colour space as the output's, libvips converts nothing.
    if (cmyk) pipeline = pipeline.pipelineColourspace('cmyk').toColourspace('cmyk');
    else if (wide) pipeline = pipeline.toColourspace(space);
    else pipeline = pipeline.removeAlpha();
    pipeline = pipeline.raw({ depth: wide ? 'ushort' : 'uchar' });
    const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
    const pixels = wide ? highBytes(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const rgb = cmyk ? cmykToRgb(pixels, info.channels) : toRgb(pixels, info.channels);
    return { data: rgb, width: info.width, height: info.height };
  };

  try {
    if (image.format !== 'jpeg') return await decode(false);
    // Of the other formats every damage is an error.
    const intact = await decode(true).catch((error: unknown) => damageOf(error));
    return typeof intact === 'string' ? { ...(await decode(false)), damage: intact } : intact;
  } catch (error) {
    throw undecodable(image.file, error);
  }
}

/** The decoder's first complaint, such as `Corrupt JPEG data: bad Huffman code`. */
function damageOf(error: unknown): string {
  const [first = ''] = String(error instanceof Error ? error.message : error).split('\n');
  return first.replace(/^\w+: /, '').replace(/\.$/, '');
}
