import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Analyzer } from '../../../src/engine/analyzer';
import type { Analysis } from '../../../src/protocol/analysis';

const image = '../shared/data/bccd/JPEGImages/BloodImage_00007.jpg';
const checkpoint = '../shared/models/bccd_retinanet_r18.pth';
const missing = [image, checkpoint].find(file => !existsSync(file));

/** A trained checkpoint on a real image; the numbers are torchvision's. */
describe.skipIf(missing)(`BCCD, BloodImage_00007${missing ? `: ${missing} is not there` : ''}`, () => {
  const analyzer = new Analyzer();
  let analysis: Analysis;
  beforeAll(async () => {
    const model = { checkpoint, runtime: 'cpu' } as const;
    const bands = { easy: 0.9, hard: 0.5 };
    ({ analysis } = await analyzer.analyzeImage({ model, image, bands, maxPixels: 1e8 }));
  }, 120_000);
  afterAll(() => analyzer.dispose());

  test('counts anchors exactly', () => {
    const { total, foreground, ignored, levels } = analysis.anchors;
    expect([total, foreground, ignored]).toEqual([15_354, 575, 1_007]);
    expect(levels.map(({ grid }) => grid)).toEqual([
      [32, 40],
      [16, 20],
      [8, 10],
      [4, 5],
      [2, 3],
    ]);
  });

  test('has both losses to 1e-4 of their value', () => {
    expect(Math.abs(analysis.loss.classification / 0.2378277 - 1)).toBeLessThan(1e-4);
    expect(Math.abs(analysis.loss.boxRegression / 0.3038324 - 1)).toBeLessThan(1e-4);
  });
});
