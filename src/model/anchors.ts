import { UserError } from '../common/errors';
import type { AnchorLevel, Anchors, ForwardResult, ModelConfig } from './types';

const { fround } = Math;

/**
 * Anchors as torchvision's `AnchorGenerator` makes them, bit for bit: base anchors rounded half to even,
 * centres at index times stride without a half-cell offset, stride the padded size over the grid size,
 * rounded down, per axis.
 *
 * @param paddedHeight network input height in pixels
 * @param paddedWidth network input width in pixels
 * @param grids height and width of each level's head output, finest first
 * @param levelNames one per grid; P3, P4, ... unless the pyramid differs
 * @returns boxes in network input pixels in (level, y, x, ratio, size) order
 * @throws UserError when the configuration does not have one row of sizes and of ratios per level
 */
export function generateAnchors(
  paddedHeight: number,
  paddedWidth: number,
  grids: ForwardResult['grids'],
  config: Pick<ModelConfig, 'anchorSizes' | 'aspectRatios'>,
  levelNames: readonly string[] = grids.map((_, i) => `P${i + 3}`),
): Anchors {
  const { anchorSizes, aspectRatios } = config;
  checkLevels('anchorSizes', anchorSizes.length, levelNames);
  checkLevels('aspectRatios', aspectRatios.length, levelNames);

  let count = 0;
  const levels = grids.map((grid, i): AnchorLevel => {
    const base = baseAnchors(anchorSizes[i], aspectRatios[i]);
    const level = {
      name: levelNames[i],
      stride: [Math.floor(paddedHeight / grid[0]), Math.floor(paddedWidth / grid[1])] as const,
      grid,
      offset: count,
      count: grid[0] * grid[1] * base.sizes.length,
      ...base,
    };
    count += level.count;
    return level;
  });

  const boxes = new Float32Array(count * 4);
  for (const level of levels) placeAnchors(level, boxes);
  return { boxes, count, levels };
}

/** Boxes around the origin for every ratio (height over width, outer) and size (inner). */
function baseAnchors(sizes: readonly number[], ratios: readonly number[]) {
  const boxes = new Float32Array(sizes.length * ratios.length * 4);
  let at = 0;
  for (const ratio of ratios) {
    const heightFactor = fround(Math.sqrt(fround(ratio)));
    const widthFactor = fround(1 / heightFactor);
    for (const size of sizes) {
      const x = roundHalfToEven(fround(widthFactor * fround(size)) / 2);
      const y = roundHalfToEven(fround(heightFactor * fround(size)) / 2);
      boxes.set([-x, -y, x, y], at);
      at += 4;
    }
  }
  return {
    baseAnchors: boxes,
    sizes: ratios.flatMap(() => sizes),
    ratios: ratios.flatMap(ratio => sizes.map(() => ratio)),
  };
}

function placeAnchors({ grid, stride, offset, baseAnchors }: AnchorLevel, boxes: Float32Array): void {
  let at = offset * 4;
  for (let row = 0; row < grid[0]; row++) {
    const y = row * stride[0];
    for (let column = 0; column < grid[1]; column++) {
      const x = column * stride[1];
      for (let i = 0; i < baseAnchors.length; i += 4) {
        boxes[at++] = x + baseAnchors[i];
        boxes[at++] = y + baseAnchors[i + 1];
        boxes[at++] = x + baseAnchors[i + 2];
        boxes[at++] = y + baseAnchors[i + 3];
      }
    }
  }
}

function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function checkLevels(key: string, found: number, levels: readonly string[]): void {
  if (found === levels.length) return;
  throw new UserError(`found ${found} rows in "${key}", expected ${levels.length}, one per pyramid level`, {
    where: 'model card',
    remedy: `give "${key}" one row for each of ${levels.join(', ')}`,
  });
}
