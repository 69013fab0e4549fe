import { open, stat, type FileHandle } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { messageOf, UserError } from '../../common/errors';

// Every image is read once: a cache of operations and open files would only hold memory.
sharp.cache(false);

/** Longest time one image may take to decode or encode. */
const timeoutSeconds = 120;

export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'tiff' | 'gif';

/** An image file in memory whose header was read and found acceptable; its pixels are not decoded yet. */
export interface ImageFile {
  readonly file: string;
  readonly bytes: Buffer;
  readonly format: ImageFormat;
  readonly header: Metadata;
}

/**
 * Reads an image file and its header.
 *
 * @param options.maxPixels width times height above which the image is refused before anything is decoded
 * @throws UserError naming the file: missing, not a file, empty, of a format that is not read, larger than the
 *   limit, or with a corrupt header
 */
export async function readImageFile(file: string, options: { maxPixels: number }): Promise<ImageFile> {
  const { bytes, format } = await readBytes(file, options.maxPixels);
  let header: Metadata;
  try {
    header = await sharp(bytes, { limitInputPixels: false, failOn: 'error' }).metadata();
  } catch (error) {
    throw undecodable(file, error);
  }
  const pixels = header.width * header.height;
  if (pixels > options.maxPixels) {
    throw new UserError(
      `the image has ${header.width} x ${header.height} = ${grouped(pixels)} pixels, more than the limit of ${grouped(options.maxPixels)}`,
      { where: file, remedy: 'raise focalLens.maxPixels (command line: --max-pixels) to read it all the same' },
    );
  }
  return { file, bytes, format, header };
}

/**
 * The decoder of an image. Like PIL it refuses truncated data and what cannot be decoded, and takes no notice of colour
 * profiles and of the EXIF orientation; the orientation of TIFF, part of the format itself, is applied. A JPEG whose
 * pixels are damaged between its beginning and its end libjpeg repairs as well as it can: only with `strict` is it refused.
 */
export function decoder(image: ImageFile, options: { maxPixels: number; strict?: boolean }): Sharp {
  return sharp(image.bytes, {
    failOn: options.strict === true ? 'warning' : 'error',
    ignoreIcc: true,
    limitInputPixels: options.maxPixels,
    autoOrient: image.format === 'tiff',
  }).timeout({ seconds: timeoutSeconds });
}

/** What went wrong in the decoder, as an error of the file. */
export function undecodable(file: string, error: unknown): UserError {
  return new UserError(`the image is damaged or incomplete: ${messageOf(error).replace(/\.$/, '')}`, {
    where: file,
    remedy: 'replace the file by an intact copy',
    cause: error,
  });
}

async function readBytes(file: string, maxPixels: number): Promise<{ bytes: Buffer; format: ImageFormat }> {
  try {
    const status = await stat(file);
    if (status.isDirectory()) throw new UserError('found a folder, expected an image file', { where: file });
    if (!status.isFile()) throw new UserError('not a regular file, expected an image file', { where: file });
    if (status.size === 0) throw new UserError('the image file is empty (0 bytes)', { where: file });
    const handle = await open(file, 'r');
    try {
      const start = Buffer.alloc(16);
      await readFrom(handle, start);
      const format = sniff(start);
      if (format === undefined) {
        throw new UserError('not an image of a known format; JPEG, PNG, WebP, TIFF and GIF are read', {
          where: file,
          remedy: 'convert the image to one of these formats',
        });
      }
      checkFileSize(file, status.size, maxPixels);
      const bytes = Buffer.alloc(status.size);
      return { bytes: bytes.subarray(0, await readFrom(handle, bytes)), format };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new UserError('the image file does not exist', { where: file, cause: error });
    }
    throw new UserError(`the image file cannot be read: ${messageOf(error)}`, { where: file, cause: error });
  }
}

/** Fills `target` from the start of a file, as far as there is some; one read may give less. Returns the bytes read. */
async function readFrom(handle: FileHandle, target: Buffer): Promise<number> {
  let done = 0;
  while (done < target.length) {
    const { bytesRead } = await handle.read(target, done, target.length - done, done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

/** No acceptable image needs more than 16 bits in 4 channels a pixel, apart from metadata. */
function checkFileSize(file: string, size: number, maxPixels: number): void {
  const limit = Math.min(maxPixels * 8 + 2 ** 26, 2 ** 31 - 1);
  if (size <= limit) return;
  throw new UserError(
    `the file has ${grouped(size)} bytes, more than any image of ${grouped(maxPixels)} pixels can need (${grouped(limit)})`,
    {
      where: file,
      remedy: 'convert the image to PNG or JPEG, or raise focalLens.maxPixels (command line: --max-pixels)',
    },
  );
}

/** The format by its first bytes. What is not known here never reaches a decoder. */
function sniff(start: Buffer): ImageFormat | undefined {
  const text = start.toString('latin1');
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'webp';
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return 'tiff';
  if (/^GIF8[79]a/.test(text)) return 'gif';
  return undefined;
}

function grouped(value: number): string {
  return Math.floor(value).toLocaleString('en-US');
}
