import { describe, expect, it } from 'vitest';
import { boxLosses, giouLoss } from '../../../src/analysis/boxLoss';
import { golden, relativeError } from './golden';

describe('boxLosses against torchvision', () => {
  const anchors = Float32Array.from(golden.boxes.anchors);
  const labels = Float32Array.from(golden.boxes.labels);
  const deltas = Float32Array.from(golden.boxes.deltas);
  const matched = Int32Array.from({ length: 12 }, (_, i) => i);

  it('L1', () => {
    const losses = boxLosses(deltas, anchors, labels, matched, { boxLoss: 'l1', boxLossBeta: 1 });
    expect(relativeError(losses, golden.boxes.l1, 1)).toBeLessThan(1e-6);
    expect(losses[8]).toBe(0);
  });

  for (const { beta, losses: expected } of golden.boxes.smooth) {
    it(`smooth L1, beta ${beta}`, () => {
      const losses = boxLosses(deltas, anchors, labels, matched, { boxLoss: 'smooth_l1', boxLossBeta: beta });
      expect(relativeError(losses, expected, 1)).toBeLessThan(1e-6);
    });
  }

  it('smooth L1 with beta 0 is L1', () => {
    const losses = boxLosses(deltas, anchors, labels, matched, { boxLoss: 'smooth_l1', boxLossBeta: 0 });
    expect(relativeError(losses, golden.boxes.l1, 1)).toBeLessThan(1e-6);
  });

  it('GIoU', () => {
    const losses = boxLosses(deltas, anchors, labels, matched, { boxLoss: 'giou', boxLossBeta: 1 });
    expect(relativeError(losses, golden.boxes.giou, 1)).toBeLessThan(2e-6);
  });

  it('leaves out all but foreground anchors and reads the label each is matched to', () => {
    const sparse = Int32Array.of(-1, -2, 5, 2, -1, -2, 5, -1, -1, -1, -1, -1);
    const losses = boxLosses(deltas, anchors, labels, sparse, { boxLoss: 'l1', boxLossBeta: 1 });
    expect(Array.from(losses, loss => loss > 0)).toEqual(Array.from(sparse, label => label >= 0));
  });
});

describe('giouLoss', () => {
  it('is 0 for equal boxes, symmetric, and rises as boxes part', () => {
    const boxes = Float32Array.of(10, 10, 30, 30, 15, 12, 33, 40);
    expect(giouLoss(boxes, 0, boxes, 0)).toBeCloseTo(0, 8);
    expect(giouLoss(boxes, 0, boxes, 4)).toBeCloseTo(giouLoss(boxes, 4, boxes, 0), 12);
    const losses = [0, 5, 20, 25, 100, 1000].map(dx => giouLoss(boxes, 0, boxes.map(v => v + dx), 0)); // prettier-ignore
    for (let i = 1; i < losses.length; i++) expect(losses[i]).toBeGreaterThan(losses[i - 1]);
    expect(losses[5]).toBeLessThan(2);
  });
});
