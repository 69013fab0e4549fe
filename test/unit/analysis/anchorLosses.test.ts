import { describe, expect, it } from 'vitest';
import { anchorLosses } from '../../../src/analysis/anchorLosses';
import { expOfNegative } from '../../../src/analysis/expOfNegative';
import { crossEntropy, focalLoss, sigmoid } from '../../../src/analysis/focalLoss';
import { sigmoidAt, softplusAt, tableReach, tableStep } from '../../../src/analysis/logisticTable';
import { seededRandom } from '../helpers/random';
import { golden, relativeError } from './golden';

const float32 = 6.1e-8;
const standard = { gamma: 2, alpha: 0.25 };

describe('fast terms', () => {
  it('agree with Math.exp to the last places of float64', () => {
    const random = seededRandom(1);
    let worst = 0;
    for (let i = 0; i < 200_000; i++) {
      const z = i % 2 === 0 ? random() * 700 : random() * 8;
      worst = Math.max(worst, Math.abs(expOfNegative(z) / Math.exp(-z) - 1));
    }
    expect(worst).toBeLessThan(1e-15);
    expect(expOfNegative(0)).toBe(1);
  });

  it('agree with log(1 + e^x) and its derivative over the whole table', () => {
    const random = seededRandom(2);
    let softplus = 0;
    let slope = 0;
    for (let i = 0; i < 200_000; i++) {
      const x = (i % 2 === 0 ? tableReach : 8) * (2 * random() - 1);
      const position = (x + tableReach) / tableStep;
      softplus = Math.max(softplus, Math.abs(softplusAt(position) / crossEntropy(x, 0) - 1));
      slope = Math.max(slope, Math.abs(sigmoidAt(position) / sigmoid(x) - 1));
    }
    expect(softplus).toBeLessThan(1e-12);
    expect(slope).toBeLessThan(1e-12);
  });
});

describe('anchorLosses', () => {
  const { classes, targets, crossEntropy: entropies, cases } = golden.sums;
  const logits = Float32Array.from(golden.sums.logits);

  for (const { gamma, alpha, focal } of cases) {
    it(`sums to torchvision's losses for gamma ${gamma}, alpha ${alpha}`, () => {
      const losses = anchorLosses(logits, classes, Int32Array.from(targets), { gamma, alpha });
      expect(relativeError(losses.focal, focal, 1e-30)).toBeLessThan(1e-6);
      expect(relativeError(losses.crossEntropy, entropies, 1e-30)).toBeLessThan(1e-6);
    });
  }

  it('equals the sum of terms over the whole range of logits, for every gamma of the curve', () => {
    const random = seededRandom(2);
    const columns = 7;
    const anchors = 400;
    const wide = Float32Array.from({ length: anchors * columns }, () => (random() - 0.6) * 10 ** (random() * 3.5 - 1));
    const goals = Int32Array.from({ length: anchors }, (_, i) => (i % 9) - 2);
    for (const gamma of [2, 0.5, 3.3, 7]) {
      const { byGamma, focal } = anchorLosses(wide, columns, goals, { gamma, alpha: 0.3 });
      expect(byGamma.find(curve => curve.gamma === gamma)?.focal).toBe(focal);
      expect(byGamma.map(curve => curve.gamma)).toEqual([...new Set([0, 0.5, 1, 2, gamma])].sort((a, b) => a - b));
      for (const curve of byGamma) {
        const expected = Array.from(goals, (goal, anchor) => {
          if (goal === -2) return 0;
          let sum = 0;
          for (let column = 0; column < columns; column++) {
            const logit = wide[anchor * columns + column];
            sum += focalLoss(logit, column === goal ? 1 : 0, { gamma: curve.gamma, alpha: 0.3 });
          }
          return sum;
        });
        expect(relativeError(curve.focal, expected, 1e-37)).toBeLessThan(float32);
      }
    }
  });

  it('defines p_t and the worst class by state, the first column on ties', () => {
    const rows = Float32Array.of(
      -3, 1, 1, -2, // background
      2, 1, 0.5, 2, // foreground of column 0
      -1, -5, 4, 3, // foreground of column 2
      0, 0, 0, 9, // ignored
    ); // prettier-ignore
    const {
      pt,
      worstClass,
      focal,
      crossEntropy: entropy,
    } = anchorLosses(rows, 4, Int32Array.of(-1, 0, 2, -2), standard);
    expect(Array.from(worstClass)).toEqual([1, 3, 3, 3]);
    expect(Array.from(pt)).toEqual([sigmoid(-1), sigmoid(2), sigmoid(4), NaN].map(Math.fround));
    expect([focal[3], entropy[3]]).toEqual([0, 0]);
  });

  it('keeps the precision of nearly certain anchors and the size of hopeless ones', () => {
    const {
      focal,
      crossEntropy: entropy,
      pt,
    } = anchorLosses(
      Float32Array.of(-25, -26, 900, -60, -3e38, -1e30, 3e38, 5),
      2,
      Int32Array.of(-1, -1, -1, 0),
      standard,
    );
    const terms = (...logits: number[]) => logits.reduce((sum, logit) => sum + focalLoss(logit, 0, standard), 0);
    expect(relativeError(focal.subarray(0, 1), [terms(-25, -26)], 0)).toBeLessThan(float32);
    expect([focal[1], entropy[1], pt[1]]).toEqual([675, 900, 0]);
    expect([focal[2], entropy[2], pt[2]]).toEqual([0, 0, 1]);
    expect(entropy[3]).toBeCloseTo(crossEntropy(5, 0), 6);
  });

  it('lowers every focal loss as gamma rises', () => {
    const random = seededRandom(4);
    const many = Float32Array.from({ length: 3000 }, () => random() * 16 - 8);
    const goals = Int32Array.from({ length: 1000 }, (_, i) => (i % 4) - 1);
    const { byGamma } = anchorLosses(many, 3, goals, { gamma: 4, alpha: -1 });
    for (let i = 1; i < byGamma.length; i++) {
      expect(byGamma[i].focal.every((loss, anchor) => loss <= byGamma[i - 1].focal[anchor])).toBe(true);
    }
  });
});
