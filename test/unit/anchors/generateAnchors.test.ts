import { describe, expect, test } from 'vitest';
import { generateAnchors } from '../../../src/model/anchors';
import { defaultConfig } from '../helpers/defaultConfig';
import { expectClose, goldenCases, sha256 } from '../parity/golden';

const config = defaultConfig(2);

/** Grids of torchvision's ResNet-FPN: every convolution of stride 2 rounds up. */
function pyramidGrids(height: number, width: number): [number, number][] {
  return [8, 16, 32, 64, 128].map(stride => [Math.ceil(height / stride), Math.ceil(width / stride)]);
}

describe('generateAnchors', () => {
  test('uses the sizes int(size * 2^(k/3))', () => {
    expect(config.anchorSizes).toEqual([
      [32, 40, 50],
      [64, 80, 101],
      [128, 161, 203],
      [256, 322, 406],
      [512, 645, 812],
    ]);
  });

  test('makes 201,600 anchors at 800 x 1344', () => {
    const { count, levels } = generateAnchors(800, 1344, pyramidGrids(800, 1344), config);
    expect(count).toBe(201_600);
    expect(levels.map(level => [level.name, level.count])).toEqual([
      ['P3', 151_200],
      ['P4', 37_800],
      ['P5', 9_450],
      ['P6', 2_457],
      ['P7', 693],
    ]);
  });

  test('makes 163,206 anchors at 800 x 1088', () => {
    expect(generateAnchors(800, 1088, pyramidGrids(800, 1088), config).count).toBe(163_206);
  });

  test.each(goldenCases(['resnet18', 'resnet50']))('equals torchvision to the last bit: $name', golden => {
    const { paddedHeight, paddedWidth } = golden.input;
    const { boxes, count } = generateAnchors(paddedHeight, paddedWidth, golden.grids, config);
    expect(count).toBe(golden.anchors.count);
    expectClose(boxes, golden.anchors.boxes, 0);
    expect(sha256(boxes)).toBe(golden.anchors.sha256);
  });

  test('takes the stride from padded and grid size, per axis', () => {
    const { levels } = generateAnchors(800, 1088, pyramidGrids(800, 1088), config);
    expect(levels.map(level => level.stride)).toEqual([
      [8, 8],
      [16, 16],
      [32, 32],
      [61, 64],
      [114, 120],
    ]);
  });

  test('puts the first centre of a level at 0, 0 and the others a stride apart', () => {
    const { boxes, levels } = generateAnchors(64, 96, [[8, 12]], { anchorSizes: [[32]], aspectRatios: [[1]] });
    expect([...boxes.subarray(0, 8)]).toEqual([-16, -16, 16, 16, -8, -16, 24, 16]);
    expect([...boxes.subarray(12 * 4, 12 * 4 + 4)]).toEqual([-16, -8, 16, 24]);
    expect(levels[0].offset).toBe(0);
  });

  test('rounds base anchors half to even', () => {
    const { levels } = generateAnchors(32, 32, [[4, 4]], { anchorSizes: [[5, 7, 9]], aspectRatios: [[1]] });
    // 2.5, 3.5 and 4.5 on either side of the centre.
    expect([...levels[0].baseAnchors]).toEqual([-2, -2, 2, 2, -4, -4, 4, 4, -4, -4, 4, 4]);
  });

  test('orders anchors of a cell by ratio, then size, ratio being height over width', () => {
    const { levels } = generateAnchors(32, 32, [[4, 4]], { anchorSizes: [[32, 64]], aspectRatios: [[0.5, 2]] });
    expect(levels[0].ratios).toEqual([0.5, 0.5, 2, 2]);
    expect(levels[0].sizes).toEqual([32, 64, 32, 64]);
    expect([...levels[0].baseAnchors.subarray(0, 4)]).toEqual([-23, -11, 23, 11]);
    expect([...levels[0].baseAnchors.subarray(8, 12)]).toEqual([-11, -23, 11, 23]);
  });

  test('names the levels as it is told', () => {
    const grids = [[8, 8] as const, [4, 4] as const];
    const sizes = { anchorSizes: [[16], [32]], aspectRatios: [[1], [1]] };
    const { levels } = generateAnchors(32, 32, grids, sizes, ['P2', 'P3']);
    expect(levels.map(level => level.name)).toEqual(['P2', 'P3']);
  });

  test('refuses a card with another number of levels', () => {
    const short = { ...config, anchorSizes: config.anchorSizes.slice(1) };
    expect(() => generateAnchors(64, 64, pyramidGrids(64, 64), short)).toThrow(
      'model card: found 4 rows in "anchorSizes", expected 5, one per pyramid level; give "anchorSizes" one row for each of P3, P4, P5, P6, P7',
    );
  });
});
