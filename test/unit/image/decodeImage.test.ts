import { copyFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/common/errors';
import { decodeImage } from '../../../src/model/image/decodeImage';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { goldenImage, readGolden, sha256 } from '../parity/golden';
import { floatTiff, hugePng } from './oddFiles';

const options = { maxPixels: 1e8 };
type Decoded = Record<'width' | 'height', number> & { readonly sha256: string };

describe('decodeImage', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });

  async function fileWith(name: string, content: Buffer | string): Promise<string> {
    const file = path.join(folder, name);
    await writeFile(file, content);
    return file;
  }

  async function errorOf(file: string, maxPixels = 1e8): Promise<string> {
    const error: unknown = await decodeImage(file, { maxPixels }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message;
  }

  test.each(Object.entries(readGolden<Record<string, Decoded>>('images.json')))(
    "gives PIL's pixels: %s",
    async (name, golden) => {
      const { data, width, height } = await decodeImage(goldenImage(name), options);
      expect({ width, height }).toEqual({ width: golden.width, height: golden.height });
      expect(data.length).toBe(width * height * 3);
      expect(sha256(data)).toBe(golden.sha256);
    },
  );

  test('does not rotate by EXIF', async () => {
    const header = await sharp(goldenImage('exif-rotated.jpg')).metadata();
    expect(header.orientation).toBe(6);
    const { width, height } = await decodeImage(goldenImage('exif-rotated.jpg'), options);
    expect([width, height]).toEqual([header.width, header.height]);
  });

  test('ignores colour profiles', async () => {
    const { data, width, height } = await decodeImage(goldenImage('landscape.png'), options);
    const file = path.join(folder, 'p3.png');
    await sharp(data, { raw: { width, height, channels: 3 } })
      .withIccProfile('p3')
      .png()
      .toFile(file);
    // What the file holds was converted to the profile on writing; what is read must be just that.
    const stored = await sharp(file, { ignoreIcc: true }).raw().toBuffer();
    const decoded = await decodeImage(file, options);
    expect(sha256(decoded.data)).toBe(sha256(stored));
    expect(sha256(decoded.data)).not.toBe(sha256(data));
  });

  test('takes the first picture of an animation', async () => {
    const frames = [250, 10].map(value => ({
      create: { width: 8, height: 6, channels: 3 as const, background: { r: value, g: value, b: value } },
    }));
    const images = await Promise.all(frames.map(frame => sharp(frame).png().toBuffer()));
    const file = path.join(folder, 'animated.webp');
    await sharp(images, { join: { animated: true } })
      .webp({ lossless: true })
      .toFile(file);
    const { data, width, height } = await decodeImage(file, options);
    expect([width, height]).toEqual([8, 6]);
    expect(new Set(data)).toEqual(new Set([250]));
  });

  test('keeps the high byte of 16-bit grey, where PIL would clip', async () => {
    const samples = Uint16Array.of(0, 255, 256, 32768, 65535, 1000);
    const file = path.join(folder, 'grey16.png');
    await sharp(samples, { raw: { width: 3, height: 2, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toFile(file);
    const { data } = await decodeImage(file, options);
    expect([...data]).toEqual([0, 0, 1, 128, 255, 3].flatMap(value => [value, value, value]));
  });

  test('reads names with brackets and letters beyond ASCII', async () => {
    const content = await readFile(goldenImage('tiny.png'));
    for (const name of ['größe 画像.png', 'a[page=1]']) {
      const { width } = await decodeImage(await fileWith(name, content), options);
      expect(width).toBe(30);
    }
  });

  test.each(['landscape.png', 'jpeg420.jpg', 'progressive.jpg', 'lossy.webp', 'lzw.tiff', 'palette.gif'])(
    'refuses a truncated file, as PIL does: %s',
    async name => {
      const content = await readFile(goldenImage(name));
      for (const share of [0.5, 0.95]) {
        const file = await fileWith(`cut-${name}`, content.subarray(0, Math.floor(content.length * share)));
        expect(await errorOf(file)).toContain(`${file}: the image is damaged or incomplete: `);
      }
    },
  );

  test('refuses damaged pixel data', async () => {
    const content = await readFile(goldenImage('landscape.png'));
    content.fill(0, 4000, 4200);
    expect(await errorOf(await fileWith('damaged.png', content))).toMatch(/damaged\.png: the image is damaged/);
  });

  test('tells of damage in the middle of a JPEG, whose pixels come as ever', async () => {
    const noise = Uint8Array.from({ length: 96 * 96 * 3 }, (_, i) => (i * 7919) % 251);
    const intact = await sharp(noise, { raw: { width: 96, height: 96, channels: 3 } })
      .jpeg({ quality: 90 })
      .toBuffer();
    const damaged = Buffer.from(intact);
    damaged.fill(0xff, intact.length / 2, intact.length / 2 + 40);
    expect(await decodeImage(await fileWith('intact.jpg', intact), options)).not.toHaveProperty('damage');
    const image = await decodeImage(await fileWith('damaged.jpg', damaged), options);
    expect(image.damage).toMatch(/^Corrupt JPEG data: [^\n]*[^.]$/);
    const asEver = await sharp(damaged, { failOn: 'error' }).raw().toBuffer();
    expect(sha256(image.data)).toBe(sha256(new Uint8Array(asEver)));
  });

  test('refuses too many pixels by the header alone', async () => {
    // There are no pixels in the file, which would be damaged otherwise.
    const file = await fileWith('huge.png', hugePng(30_000, 30_000));
    expect(await errorOf(file)).toBe(
      `${file}: the image has 30000 x 30000 = 900,000,000 pixels, more than the limit of 100,000,000; ` +
        'raise focalLens.maxPixels (command line: --max-pixels) to read it all the same',
    );
  });

  test('reads as many pixels as the limit allows, not one more', async () => {
    const file = goldenImage('tiny.png');
    expect((await decodeImage(file, { maxPixels: 600 })).data).toHaveLength(1800);
    expect(await errorOf(file, 599)).toContain('30 x 20 = 600 pixels, more than the limit of 599');
  });

  test('refuses what is not an image, and names the formats that are', async () => {
    for (const content of ['plain text', 'BM, a bitmap', '<svg xmlns="http://www.w3.org/2000/svg"/>', '%PDF-1.7']) {
      expect(await errorOf(await fileWith('other.dat', content))).toContain(
        'other.dat: not an image of a known format; JPEG, PNG, WebP, TIFF and GIF are read; convert',
      );
    }
  });

  test('refuses a file that only begins like an image', async () => {
    for (const start of ['\xff\xd8\xff', '\x89PNG\r\n\x1a\n', 'RIFF    WEBP', 'II*\0', 'GIF89a']) {
      const file = await fileWith('header.dat', Buffer.from(`${start} and nothing else`, 'latin1'));
      expect(await errorOf(file)).toContain(`${file}: the image is damaged or incomplete: `);
    }
  });

  test('refuses floating-point pixels', async () => {
    expect(await errorOf(await fileWith('float.tiff', floatTiff(0.25)))).toContain(
      'float.tiff: found float pixels in color space b-w, expected 8 or 16 bits of gray, RGB or CMYK; convert',
    );
  });

  test('says what else is wrong with the path', async () => {
    expect(await errorOf(await fileWith('empty.png', ''))).toContain('empty.png: the image file is empty (0 bytes)');
    expect(await errorOf(path.join(folder, 'none.png'))).toContain('none.png: the image file does not exist');
    await mkdir(path.join(folder, 'folder.png'));
    expect(await errorOf(path.join(folder, 'folder.png'))).toContain('found a folder, expected an image file');
  });

  test('refuses a file too large to be an image of the allowed size without reading it', async () => {
    const file = path.join(folder, 'padded.png');
    await copyFile(goldenImage('tiny.png'), file);
    await truncate(file, 2 ** 26 + 10_000);
    expect(await errorOf(file, 600)).toContain('more than any image of 600 pixels can need');
  });
});
