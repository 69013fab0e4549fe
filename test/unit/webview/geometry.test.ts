import { describe, expect, it } from 'vitest';
import { anchorBox, anchorsPerCell, cellAt, locateAnchor, tileBox } from '../../../src/webview/lens/geometry';
import { generateAnchors } from '../../../src/model/anchors';
import { cellSlide, syntheticAnalysis } from '../helpers/syntheticAnalysis';
import { seededRandom } from '../helpers/random';

const analysis = syntheticAnalysis(cellSlide(300));
const { levels } = analysis.anchors;

describe('anchor geometry', () => {
  it('finds level, cell and base anchor of every index', () => {
    let anchor = 0;
    levels.forEach((level, index) => {
      for (let y = 0; y < level.grid[0]; y++) {
        for (let x = 0; x < level.grid[1]; x++) {
          for (let base = 0; base < anchorsPerCell(level); base++) {
            const place = locateAnchor(levels, anchor++);
            if (place.level !== index || place.y !== y || place.x !== x || place.base !== base) {
              expect(place).toEqual({ level: index, y, x, base });
            }
          }
        }
      }
    });
    expect(anchor).toBe(analysis.anchors.total);
    expect(() => locateAnchor(levels, anchor)).toThrow(RangeError);
  });

  it('places anchors where the model has them', () => {
    const { input } = analysis;
    const third = [1, 2 ** (1 / 3), 2 ** (2 / 3)];
    const { boxes } = generateAnchors(
      input.paddedHeight,
      input.paddedWidth,
      levels.map(level => level.grid),
      {
        anchorSizes: [32, 64, 128, 256, 512].map(size => third.map(factor => Math.trunc(size * factor))),
        aspectRatios: levels.map(() => [0.5, 1, 2]),
      },
    );
    const random = seededRandom(3);
    for (let i = 0; i < 300; i++) {
      const anchor = Math.floor(random() * analysis.anchors.total);
      const [x1, y1, x2, y2] = anchorBox(analysis, anchor);
      const [scaleY, scaleX] = input.scale;
      const network = [x1 * scaleX, y1 * scaleY, x2 * scaleX, y2 * scaleY];
      network.forEach((value, side) => expect(value).toBeCloseTo(boxes[anchor * 4 + side], 3));
    }
  });

  it('has strides that are no powers of two at the coarse levels, and tiles half a stride around centres', () => {
    const coarse = levels[levels.length - 1];
    expect(coarse.stride[0] === 128 && coarse.stride[1] === 128).toBe(false);
    const [scaleY, scaleX] = analysis.input.scale;
    const [x1, y1, x2, y2] = tileBox(analysis, levels.length - 1, 1, 2);
    expect(x1 * scaleX).toBeCloseTo(1.5 * coarse.stride[1], 6);
    expect(x2 * scaleX).toBeCloseTo(2.5 * coarse.stride[1], 6);
    expect(y1 * scaleY).toBeCloseTo(0.5 * coarse.stride[0], 6);
    expect(y2 * scaleY).toBeCloseTo(1.5 * coarse.stride[0], 6);
  });

  it('gives the first tile the half stride beside the edge and none beyond the last', () => {
    const [level] = levels;
    expect(cellAt(level, 0, 0)).toEqual({ y: 0, x: 0 });
    expect(cellAt(level, 3.9, 4.1)).toEqual({ y: 1, x: 0 });
    const beyond = (level.grid[1] - 0.5) * level.stride[1];
    expect(cellAt(level, beyond - 0.1, 0)).toEqual({ y: 0, x: level.grid[1] - 1 });
    expect(cellAt(level, beyond + 0.1, 0)).toBeUndefined();
    expect(cellAt(level, -5, 0)).toBeUndefined();
  });
});
