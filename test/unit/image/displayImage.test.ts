import { mkdtemp, readdir, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decodeImage } from '../../../src/model/image/decodeImage';
import { displayImage } from '../../../src/model/image/displayImage';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { goldenImage, sha256 } from '../parity/golden';
import { hugePng, pngChunk } from './oddFiles';

const options = { maxPixels: 1e8 };

describe('displayImage', () => {
  let folder: string;
  let cache: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  beforeEach(async () => {
    cache = path.join(await mkdtemp(path.join(folder, 'case-')), 'cache');
  });

  test.each([
    'landscape.png',
    'grey.png',
    'palette.png',
    'jpeg420.jpg',
    'progressive.jpg',
    'grey.jpg',
    'lossy.webp',
    'palette.gif',
  ])('shows the image itself: %s', async name => {
    expect(await displayImage(goldenImage(name), cache, options)).toEqual({ file: goldenImage(name) });
    await expect(readdir(cache)).rejects.toThrow('ENOENT');
  });

  test.each([
    'exif-rotated.jpg',
    'cmyk.jpg',
    'rgba.png',
    'grey-alpha.png',
    'palette-transparent.png',
    'rgb16.png',
    'grey16.png',
    'lzw.tiff',
    'rotated.tiff',
  ])('writes a PNG of the decoded pixels: %s', async name => {
    const { file } = await displayImage(goldenImage(name), cache, options);
    expect(path.dirname(file)).toBe(cache);
    expect(await readdir(cache)).toEqual([path.basename(file)]);
    const shown = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    const decoded = await decodeImage(goldenImage(name), options);
    expect([shown.info.width, shown.info.height]).toEqual([decoded.width, decoded.height]);
    expect(sha256(new Uint8Array(shown.data))).toBe(sha256(decoded.data));
    const header = await sharp(file).metadata();
    expect([header.orientation, header.hasProfile, header.hasAlpha]).toEqual([undefined, false, false]);
  });

  test('writes a PNG where a browser would manage colours, not where the profile is sRGB', async () => {
    const wide = path.join(folder, 'p3.png');
    const plain = path.join(folder, 'srgb.png');
    await sharp(goldenImage('tiny.png')).withIccProfile('p3').toFile(wide);
    await sharp(goldenImage('tiny.png')).withIccProfile('srgb').toFile(plain);
    expect((await displayImage(wide, cache, options)).file).not.toBe(wide);
    expect((await displayImage(plain, cache, options)).file).toBe(plain);
  });

  test('writes a PNG of the first picture of an animation', async () => {
    const frames = await Promise.all(['red', 'blue'].map(frame));
    const file = path.join(folder, 'animated.gif');
    await sharp(frames, { join: { animated: true } })
      .gif()
      .toFile(file);
    const shown = await displayImage(file, cache, options);
    expect(shown.file).not.toBe(file);
    expect([...(await sharp(shown.file).raw().toBuffer()).subarray(0, 3)]).toEqual([255, 0, 0]);
  });

  test('takes an animated PNG for what it is', async () => {
    const content = await readFile(goldenImage('tiny.png'));
    const pixels = content.indexOf('IDAT') - 4;
    // An acTL chunk; browsers read it, decoders of still images skip it.
    const control = pngChunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]));
    const file = path.join(folder, 'animated.png');
    await writeFile(file, Buffer.concat([content.subarray(0, pixels), control, content.subarray(pixels)]));
    expect(path.dirname((await displayImage(file, cache, options)).file)).toBe(cache);
  });

  test('writes once and marks the file as used', async () => {
    const { file } = await displayImage(goldenImage('rgba.png'), cache, options);
    const content = await readFile(file);
    await utimes(file, 1, 1);
    expect((await displayImage(goldenImage('rgba.png'), cache, options)).file).toBe(file);
    expect(await readFile(file)).toEqual(content);
    expect((await stat(file)).mtimeMs).toBeGreaterThan(Date.now() - 60_000);
  });

  test('gives other content another name', async () => {
    const names = await Promise.all(
      ['rgba.png', 'grey-alpha.png'].map(name => displayImage(goldenImage(name), cache, options)),
    );
    expect(new Set(names.map(({ file }) => file)).size).toBe(2);
  });

  test('survives being asked twice at once', async () => {
    const ask = () => displayImage(goldenImage('cmyk.jpg'), cache, options);
    const [a, b] = await Promise.all([ask(), ask()]);
    expect(a).toEqual(b);
    expect(await readdir(cache)).toEqual([path.basename(a.file)]);
  });

  test('removes the pictures longest unused once the folder holds more than 512 MiB', async () => {
    const { file: first } = await displayImage(goldenImage('rgba.png'), cache, options);
    const old = path.join(cache, `focal-lens-${'0'.repeat(32)}.png`);
    await writeFile(old, '');
    await truncate(old, 513 * 2 ** 20);
    await utimes(old, 1, 1);
    const { file: second } = await displayImage(goldenImage('cmyk.jpg'), cache, options);
    expect((await readdir(cache)).sort()).toEqual([first, second].map(file => path.basename(file)).sort());
  });

  test('leaves files of others in the folder alone', async () => {
    await displayImage(goldenImage('rgba.png'), cache, options);
    await writeFile(path.join(cache, 'other.png'), 'not ours');
    await displayImage(goldenImage('cmyk.jpg'), cache, options);
    expect(await readdir(cache)).toContain('other.png');
  });

  test('refuses too many pixels and names the file', async () => {
    const file = path.join(folder, 'huge.png');
    await writeFile(file, hugePng(30_000, 30_000));
    await expect(displayImage(file, cache, options)).rejects.toThrow(`${file}: the image has 30000 x 30000`);
  });

  test('says where it cannot write', async () => {
    const file = path.join(folder, 'file-in-the-way');
    await writeFile(file, '');
    await expect(displayImage(goldenImage('rgba.png'), file, options)).rejects.toThrow(
      /file-in-the-way.*the picture to show cannot be written/,
    );
  });
});

function frame(background: string): Promise<Buffer> {
  return sharp({ create: { width: 8, height: 6, channels: 3, background } })
    .png()
    .toBuffer();
}
