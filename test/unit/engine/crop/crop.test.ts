import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { colorMap } from '../../../../src/common/colorMaps';
import { UserError } from '../../../../src/common/errors';
import { Analyzer } from '../../../../src/engine/analyzer';
import { planCrop } from '../../../../src/engine/crop/cropRegion';
import { heatOverlay } from '../../../../src/engine/crop/heatOverlay';
import { imageCrop } from '../../../../src/engine/crop/imageCrop';
import { defaultBands } from '../../../../src/protocol/analysis';
import { anchorColumns } from '../../../../src/protocol/anchorColumns';
import { cellLayout, reduceCells, valueAt } from '../../../../src/webview/heatmap/cellGrid';
import { heatScale, scalePosition } from '../../../../src/webview/lens/metrics';
import { seededRandom } from '../../helpers/random';
import { temporaryFolder } from '../../helpers/temporaryFolder';
import { writeTinyModel, writeTinyScene } from '../../helpers/tinyModel';

const folder = await temporaryFolder();
const bounds = { width: 360, height: 240 };

async function pixelsOf(uri: string) {
  const prefix = 'data:image/webp;base64,';
  expect(uri.startsWith(prefix)).toBe(true);
  const { data, info } = await sharp(Buffer.from(uri.slice(prefix.length), 'base64'))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) =>
    Array.from({ length: 3 }, (_, i) => data.readUInt8((y * info.width + x) * 3 + i));
  return { at, width: info.width, height: info.height };
}

describe('planCrop', () => {
  it('lies in the image, holds the box and stays within the bounds, for any box', () => {
    const random = seededRandom(5);
    const between = (from: number, to: number) => from + random() * (to - from);
    for (let i = 0; i < 500; i++) {
      const image = { width: Math.ceil(between(1, 900)), height: Math.ceil(between(1, 900)) };
      const [x, y] = [between(0, image.width), between(0, image.height)];
      const [w, h] = [between(0, image.width - x), between(0, image.height - y)];
      const { region, width, height } = planCrop([x, y, w, h], image, bounds);
      expect(region.left).toBeGreaterThanOrEqual(0);
      expect(region.top).toBeGreaterThanOrEqual(0);
      expect(region.left + region.width).toBeLessThanOrEqual(image.width);
      expect(region.top + region.height).toBeLessThanOrEqual(image.height);
      expect(region.left).toBeLessThanOrEqual(Math.ceil(x));
      expect(region.left + region.width).toBeGreaterThanOrEqual(Math.floor(x + w));
      expect(region.top).toBeLessThanOrEqual(Math.ceil(y));
      expect(region.top + region.height).toBeGreaterThanOrEqual(Math.floor(y + h));
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(1);
      expect(width).toBeLessThanOrEqual(bounds.width);
      expect(height).toBeLessThanOrEqual(bounds.height);
      for (const value of [region.left, region.top, region.width, region.height, width, height])
        expect(Number.isInteger(value)).toBe(true);
    }
  });

  it.each([
    [[-5000, -5000, 10, 10]],
    [[9000, 20, 1, 1]],
    [[10, 10, -20, -4]],
    [[0, 0, 1e12, 1e12]],
    [[NaN, 0, Infinity, 0]],
  ] as const)('takes the box %j', box => {
    const { region, width, height } = planCrop(box, { width: 100, height: 80 }, bounds);
    expect(region.left).toBeGreaterThanOrEqual(0);
    expect(region.left + region.width).toBeLessThanOrEqual(100);
    expect(region.top + region.height).toBeLessThanOrEqual(80);
    expect(Math.min(region.width, region.height, width, height)).toBeGreaterThanOrEqual(1);
  });
});

describe('a crop of an analyzed image', async () => {
  const scene = await writeTinyScene(folder);
  const model = await writeTinyModel(folder);
  const analyzer = new Analyzer();
  const { id, analysis } = await analyzer.analyzeImage({
    model: { checkpoint: model.checkpoint, runtime: 'cpu' },
    image: scene.image,
    bands: defaultBands,
    maxPixels: 1e6,
  });
  await analyzer.dispose();

  it("has the colors of the lens's heatmap", () => {
    const region = { left: 13, top: 7, width: 90, height: 60 };
    const [width, height] = [45, 30];
    const overlay = heatOverlay(analysis, region, { width, height });
    const layout = cellLayout(analysis.anchors.levels);
    const cells = reduceCells(layout, anchorColumns(analysis.columns).focal, 'max');
    const scale = heatScale('focal', 'max', true);
    const colors = colorMap('inferno');
    const [scaleY, scaleX] = analysis.input.scale;
    const shown = new Set<number>();
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const x = (region.left + ((column + 0.5) / width) * region.width) * scaleX;
        const y = (region.top + ((row + 0.5) / height) * region.height) * scaleY;
        const entry = Math.round(scalePosition(scale, valueAt(layout, cells, 31, 'max', x, y)) * 255);
        const pixel = overlay.subarray((row * width + column) * 4, (row * width + column) * 4 + 4);
        expect([...pixel.subarray(0, 3)]).toEqual([...colors.subarray(entry * 4, entry * 4 + 3)]);
        expect(pixel[3]).toBe(Math.round(colors[entry * 4 + 3] * 0.5));
        shown.add(entry);
      }
    }
    expect(shown.size).toBeGreaterThanOrEqual(4);
  });

  it('shows the heat where the analysis is known, and the plain picture where it is not', async () => {
    const request = { image: scene.image, maxPixels: 1e6, box: [70, 40, 80, 70], bounds, outlines: [] } as const;
    const heat = analyzer.heatOf(id);
    expect(heat).toBeDefined();
    const hot = await imageCrop(request, heat);
    const plain = await imageCrop(request, undefined);
    expect([hot.heat, plain.heat]).toEqual([true, false]);
    expect([hot.width, hot.height]).toEqual([plain.width, plain.height]);
    expect(hot.uri).not.toBe(plain.uri);
    expect(hot.uri.length).toBeLessThan(80_000);
  });
});

describe('the picture', () => {
  it('has the pixels of the region and the boxes on it', async () => {
    const file = join(folder, 'halves.png');
    const pixels = new Uint8Array(400 * 300 * 3);
    for (let i = 0; i < 400 * 300; i++) pixels[i * 3 + (i % 400 < 200 ? 0 : 2)] = 200;
    await sharp(pixels, { raw: { width: 400, height: 300, channels: 3 } })
      .png()
      .toFile(file);
    const crop = await imageCrop(
      {
        image: file,
        maxPixels: 1e6,
        box: [170, 120, 60, 40],
        bounds: { width: 180, height: 120 },
        outlines: [{ bbox: [170, 120, 60, 40], color: '#00ff00', dashed: false }],
      },
      undefined,
    );
    const { at, width, height } = await pixelsOf(crop.uri);
    expect([width, height]).toEqual([crop.width, crop.height]);
    const [red, , blueOfLeft] = at(8, 8);
    const [redOfRight, , blue] = at(width - 8, 8);
    expect(red).toBeGreaterThan(150);
    expect(blueOfLeft).toBeLessThan(60);
    expect(blue).toBeGreaterThan(150);
    expect(redOfRight).toBeLessThan(60);
    const green = (x: number, y: number) => at(x, y)[1];
    const row = Math.round(height / 2);
    const edge = Math.max(...Array.from({ length: width / 2 }, (_, x) => green(x, row)));
    expect(edge).toBeGreaterThan(120);
    expect(green(Math.round(width / 2), row)).toBeLessThan(60);
  });

  it('names the image that is not there, and refuses bounds without end', async () => {
    const request = { maxPixels: 1e6, box: [0, 0, 1, 1], outlines: [] } as const;
    const missing = join(folder, 'none.png');
    await expect(imageCrop({ ...request, image: missing, bounds }, undefined)).rejects.toThrow(missing);
    const huge = { width: 1e6, height: 1e6 };
    await expect(imageCrop({ ...request, image: missing, bounds: huge }, undefined)).rejects.toThrow(UserError);
  });
});
