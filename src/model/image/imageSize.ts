import { readImageFile } from './imageFile';

/**
 * Width and height of an image file as decoding it would give them, from its header.
 * @param options.maxPixels width times height above which the image is refused
 * @throws UserError naming the file
 */
export async function imageSize(
  file: string,
  options: { maxPixels: number },
): Promise<{ width: number; height: number }> {
  const { format, header } = await readImageFile(file, options);
  const { width, height } = header;
  // Of TIFF alone the orientation is applied; from the fifth on it exchanges the sides.
  const sideways = format === 'tiff' && (header.orientation ?? 1) >= 5;
  return sideways ? { width: height, height: width } : { width, height };
}
