import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { messageOf, UserError } from '../../common/errors';
import { decodePixels } from './decodeImage';
import { type ImageFile, readImageFile } from './imageFile';

/** Written into the names of cached files; change it whenever the same file would give other pixels. */
const version = 'v1';
const cachedName = /^focal-lens-[0-9a-f]{32}\.png$/;
/** Older pictures beyond this many bytes are removed from the cache folder. */
const maxCacheBytes = 512 * 2 ** 20;

/**
 * A file in which a browser shows exactly the pixels {@link decodeImage} gives: the image itself where a browser
 * adds nothing of its own (orientation, colour management, transparency, animation) and can read the format, else
 * a PNG in `cacheFolder`, named by the image's content and written once.
 *
 * @param cacheFolder created if need be; only files this function wrote are ever removed from it
 * @throws UserError naming the file
 */
export async function displayImage(
  file: string,
  cacheFolder: string,
  options: { maxPixels: number },
): Promise<{ file: string }> {
  const image = await readImageFile(file, options);
  if (browserShowsAsStored(image)) return { file };

  const hash = createHash('sha256').update(version).update(image.bytes).digest('hex').slice(0, 32);
  const name = `focal-lens-${hash}.png`;
  const target = path.join(cacheFolder, name);
  if (await markUsed(target)) return { file: target };

  const { data, width, height } = await decodePixels(image, options);
  const temporary = path.join(cacheFolder, `${name}.${randomUUID()}.tmp`);
  try {
    await mkdir(cacheFolder, { recursive: true });
    await sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: options.maxPixels })
      .png({ compressionLevel: 2 })
      .toFile(temporary);
    await rename(temporary, target);
    await prune(cacheFolder, name);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new UserError(`the picture to show cannot be written: ${messageOf(error)}`, {
      where: target,
      remedy: 'check that the folder is writable and the disk is not full',
      cause: error,
    });
  }
  return { file: target };
}

function browserShowsAsStored({ bytes, format, header }: ImageFile): boolean {
  if (format === 'tiff' || (header.orientation ?? 1) !== 1 || (header.pages ?? 1) > 1) return false;
  if (header.depth !== 'uchar' || header.hasAlpha || !['srgb', 'b-w'].includes(header.space)) return false;
  if (format === 'png' && isAnimatedPng(bytes)) return false;
  return header.icc === undefined || isSrgbProfile(header.icc);
}

/** Whether a chunk that makes an animation precedes the pixels: browsers play it, decoders take the still image. */
function isAnimatedPng(bytes: Buffer): boolean {
  const pixels = bytes.indexOf('IDAT');
  return bytes.subarray(0, pixels < 0 ? bytes.length : pixels).includes('acTL');
}

/** Whether an ICC profile calls itself sRGB; its text is Latin-1 or UTF-16. */
function isSrgbProfile(profile: Buffer): boolean {
  return /sRGB/i.test(profile.toString('latin1').replaceAll('\0', ''));
}

/** Removes the oldest cached pictures until the rest, `keep` included, fits the bound. */
async function prune(folder: string, keep: string): Promise<void> {
  const names = (await readdir(folder)).filter(name => cachedName.test(name));
  const found = await Promise.all(
    names.map(async name => {
      const status = await stat(path.join(folder, name)).catch(() => undefined);
      return { name, size: status?.size ?? 0, time: name === keep ? Infinity : (status?.mtimeMs ?? 0) };
    }),
  );
  found.sort((a, b) => b.time - a.time);
  let total = 0;
  for (const { name, size } of found) {
    total += size;
    if (total > maxCacheBytes && name !== keep) await rm(path.join(folder, name), { force: true });
  }
}

/** Sets the time of a cached file to now, so that what is in use is removed last; false when there is none. */
async function markUsed(file: string): Promise<boolean> {
  const now = new Date();
  return utimes(file, now, now).then(
    () => true,
    () => false,
  );
}
