import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { UserError } from '../../common/errors';
import { displayImage } from '../../model/image/displayImage';

const mimeTypes: Record<string, string> = {
  '.avif': 'image/avif',
  '.bmp': 'image/bmp',
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
};

/** The image as a data URI that a browser shows with the same pixels as the engine decoded. */
export async function reportImage(file: string, maxPixels: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'focal-lens-'));
  try {
    const shown = await displayImage(file, folder, { maxPixels });
    const mime = mimeTypes[extname(shown.file).toLowerCase()];
    if (mime === undefined) {
      throw new UserError(`browsers show no image with the extension "${extname(shown.file)}"`, {
        where: file,
        remedy: 'convert it to PNG or JPEG',
      });
    }
    return `data:${mime};base64,${(await readFile(shown.file)).toString('base64')}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
