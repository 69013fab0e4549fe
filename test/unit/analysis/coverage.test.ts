import { describe, expect, it } from 'vitest';
import { anchorShapes, concentricIou, uncoveredReason } from '../../../src/analysis/coverage';
import { generateAnchors } from '../../../src/model/anchors';
import { modelConfig } from './analysisInput';

const grids = [[28, 40], [14, 20], [7, 10], [4, 5], [2, 3]] as const; // prettier-ignore
const shapes = anchorShapes(generateAnchors(224, 320, grids, modelConfig()).levels);
const input = { width: 320, height: 224 };

function reason(x: number, y: number, width: number, height: number, bestIou = 0.1, contested = false) {
  return uncoveredReason(Float32Array.of(x, y, x + width, y + height), input, shapes, bestIou, contested, 0.5);
}

describe('uncoveredReason', () => {
  it('tells size from aspect ratio', () => {
    expect(reason(100, 100, 8, 8)).toBe('tooSmall');
    expect(reason(0, 0, 3000, 2400)).toBe('tooLarge');
    expect(reason(50, 100, 200, 12)).toBe('aspectRatio');
    expect(reason(100, 5, 14, 210)).toBe('aspectRatio');
    // Both small and slim: what costs more decides.
    expect(reason(100, 100, 4, 9)).toBe('tooSmall');
  });

  it('blames position, or another label, where a shape fits', () => {
    expect(reason(100, 100, 32, 32)).toBe('position');
    expect(reason(100, 100, 32, 32, 0.3, true)).toBe('contested');
    expect(reason(100, 100, 32, 32, 0.8)).toBe('contested');
    expect(reason(100, 100, 8, 8, 0.1, true)).toBe('tooSmall');
  });

  it('sees what lies outside the image first', () => {
    expect(reason(320, 10, 32, 32)).toBe('outside');
    expect(reason(-40, 10, 40, 32)).toBe('outside');
    expect(reason(-39, 10, 40, 32)).not.toBe('outside');
  });
});

describe('concentricIou', () => {
  it('is 1 for an anchor shape and never rises away from all of them', () => {
    expect(concentricIou(32, 32, shapes)).toBe(1);
    const series = [22, 16, 11, 8, 4, 1].map(side => concentricIou(side, side, shapes));
    for (let i = 1; i < series.length; i++) expect(series[i]).toBeLessThan(series[i - 1]);
  });
});
