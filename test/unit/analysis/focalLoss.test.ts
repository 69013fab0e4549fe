import { describe, expect, it } from 'vitest';
import { crossEntropy, focalLoss, focalLossGradient, sigmoid } from '../../../src/analysis/focalLoss';
import { golden, relativeError } from './golden';

describe('focal loss of one term', () => {
  const { logits, cases } = golden.focal;
  // Beyond, torchvision's float64 loses 1 - p_t to cancellation; the exact values cover all.
  const moderate = (values: readonly number[]) => values.filter((_, i) => Math.abs(logits[i]) <= 12);

  for (const { target, gamma, alpha, torchvision, gradient, exact } of cases) {
    it(`agrees with torchvision for target ${target}, gamma ${gamma}, alpha ${alpha}`, () => {
      const focal = { gamma, alpha };
      const losses = logits.map(logit => focalLoss(logit, target, focal));
      expect(relativeError(losses, exact)).toBeLessThan(1e-12);
      expect(relativeError(moderate(losses), moderate(torchvision))).toBeLessThan(1e-6);
      const slopes = logits.map(logit => focalLossGradient(logit, target, focal));
      expect(
        relativeError(
          moderate(slopes),
          gradient.filter(slope => slope !== null),
        ),
      ).toBeLessThan(1e-6);
    });
  }

  it('has the derivative of its finite differences', () => {
    const step = 1e-4;
    for (const gamma of [0, 0.5, 1, 2, 5]) {
      for (const alpha of [-1, 0.25]) {
        for (const target of [0, 1] as const) {
          for (let logit = -6; logit <= 6; logit += 0.75) {
            const focal = { gamma, alpha };
            const difference = focalLoss(logit + step, target, focal) - focalLoss(logit - step, target, focal);
            expect(focalLossGradient(logit, target, focal)).toBeCloseTo(difference / (2 * step), 7);
          }
        }
      }
    }
  });

  it('is cross entropy over the ratios the paper states', () => {
    const ratio = (pt: number) => {
      const logit = Math.log(pt / (1 - pt));
      return crossEntropy(logit, 1) / focalLoss(logit, 1, { gamma: 2, alpha: -1 });
    };
    expect(ratio(0.9)).toBeCloseTo(100, 9);
    expect(ratio(0.968)).toBeGreaterThan(950);
    expect(ratio(0.968)).toBeLessThan(1000);
    expect(ratio(0.5)).toBeCloseTo(4, 12);
  });

  it('starts from the losses of the prior of 0.01', () => {
    const logit = -Math.log((1 - 0.01) / 0.01);
    const focal = { gamma: 2, alpha: 0.25 };
    expect(sigmoid(logit)).toBeCloseTo(0.01, 15);
    expect(crossEntropy(logit, 0)).toBeCloseTo(0.01005, 5);
    expect(focalLoss(logit, 0, focal)).toBeCloseTo(7.54e-7, 9);
    expect(focalLoss(logit, 1, focal)).toBeCloseTo(1.128, 3);
  });

  it('falls with gamma and never rises with p_t', () => {
    for (let logit = -40; logit <= 40; logit += 1.25) {
      for (const target of [0, 1] as const) {
        const losses = [0, 0.5, 1, 2, 5].map(gamma => focalLoss(logit, target, { gamma, alpha: 0.25 }));
        for (let i = 1; i < losses.length; i++) expect(losses[i]).toBeLessThanOrEqual(losses[i - 1]);
        const better = target === 1 ? logit + 1 : logit - 1;
        expect(focalLoss(better, target, { gamma: 2, alpha: 0.25 })).toBeLessThan(
          focalLoss(logit, target, { gamma: 2, alpha: 0.25 }),
        );
      }
    }
  });

  it('stays finite at the extremes of float32', () => {
    const largest = 3.4028234663852886e38;
    expect(focalLoss(largest, 1, { gamma: 2, alpha: 0.25 })).toBe(0);
    expect(focalLoss(-largest, 1, { gamma: 2, alpha: 0.25 })).toBe(0.25 * largest);
    expect(crossEntropy(-0, 0)).toBe(crossEntropy(0, 0));
    expect(focalLoss(-largest, 0, { gamma: 0, alpha: -1 })).toBe(0);
  });
});
