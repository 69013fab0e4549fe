import { describe, expect, test } from 'vitest';
import { decodeImage } from '../../../src/model/image/decodeImage';
import { prepareImage, resizedSize } from '../../../src/model/image/prepareImage';
import { seededRandom } from '../helpers/random';
import { defaultConfig } from '../helpers/defaultConfig';
import { expectClose, goldenCases, goldenImage, readGolden } from '../parity/golden';

const defaults = defaultConfig(2);

function noise(width: number, height: number) {
  const random = seededRandom(width * height);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random() * 256) };
}

describe('resizedSize', () => {
  test("equals torchvision's sizes", () => {
    for (const [width, height, minSize, maxSize, ...expected] of readGolden<number[][]>('sizes.json')) {
      const resized = resizedSize(width, height, { minSize, maxSize });
      expect([resized.width, resized.height], `${width} x ${height}`).toEqual(expected);
    }
  });

  test('keeps the float32 scale, by which a minimum of 800 comes out as 799', () => {
    const heights = Array.from({ length: 800 }, (_, i) => resizedSize(i + 130, i + 100, defaults).height);
    expect(heights).toContain(799);
  });

  test('refuses an image of which nothing would be left', () => {
    expect(() => resizedSize(5000, 1, defaults)).toThrow(
      'an image of 5000 x 1 pixels has no pixels left at a scale of 0.267; raise maxSize in the model card or leave the image out',
    );
  });
});

describe('prepareImage', () => {
  test.each(goldenCases(['resnet18', 'resnet50']))('equals torchvision to 1e-5: $name', async golden => {
    const image = await decodeImage(goldenImage(golden.image.file), { maxPixels: 1e8 });
    const { data, ...size } = golden.input;
    const prepared = prepareImage(image, { ...defaults, ...golden.config });
    expect(prepared).toMatchObject(size);
    expectClose(prepared.data, data, 1e-5);
  });

  test('normalises without resampling where the size stays', () => {
    const image = noise(64, 64);
    const { data, width, height } = prepareImage(image, { ...defaults, minSize: 64, maxSize: 64 });
    expect([width, height]).toEqual([64, 64]);
    for (const pixel of [0, 77, 64 * 64 - 1]) {
      for (let c = 0; c < 3; c++) {
        const expected = (image.data[pixel * 3 + c] / 255 - defaults.mean[c]) / defaults.std[c];
        expect(data[c * 64 * 64 + pixel]).toBeCloseTo(expected, 5);
      }
    }
  });

  test('pads right and bottom with zeros to multiples of 32', () => {
    const prepared = prepareImage(noise(70, 50), { ...defaults, minSize: 50, maxSize: 70 });
    const { data, width, height, paddedWidth, paddedHeight } = prepared;
    expect([width, height, paddedWidth, paddedHeight]).toEqual([70, 50, 96, 64]);
    let sum = 0;
    data.forEach((value, i) => {
      const inside = i % paddedWidth < width && Math.floor(i / paddedWidth) % paddedHeight < height;
      if (!inside) sum += Math.abs(value);
    });
    expect(sum).toBe(0);
  });

  test('keeps a flat image flat, whatever the scale', () => {
    const flat = { width: 37, height: 21, data: new Uint8Array(37 * 21 * 3).fill(200) };
    const { data, width, height, paddedWidth } = prepareImage(flat, { ...defaults, minSize: 100, maxSize: 300 });
    const value = (200 / 255 - defaults.mean[0]) / defaults.std[0];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) expect(Math.abs(data[y * paddedWidth + x] - value)).toBeLessThan(1e-5);
    }
  });

  test('states the scale as resized over original size, per axis, in float32', () => {
    const { scaleX, scaleY, width, height } = prepareImage(noise(83, 61), { ...defaults, minSize: 256, maxSize: 427 });
    expect(scaleX).toBe(Math.fround(width / 83));
    expect(scaleY).toBe(Math.fround(height / 61));
  });

  test('leaves the image as it is', () => {
    const image = noise(40, 30);
    const before = image.data.slice();
    prepareImage(image, { ...defaults, minSize: 60, maxSize: 100 });
    expect(image.data).toEqual(before);
  });
});
