import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/analysis/analyze';
import { AnalysisScratch } from '../../../src/analysis/analysisScratch';
import { anchorLosses, type ClassificationColumns } from '../../../src/analysis/anchorLosses';
import { crossEntropy, focalLoss } from '../../../src/analysis/focalLoss';
import { quickLosses } from '../../../src/analysis/quickLosses';
import { addTerms, newTermSums, termTable } from '../../../src/analysis/termTable';
import { UserError } from '../../../src/common/errors';
import { anchorColumns } from '../../../src/protocol/anchorColumns';
import { seededRandom } from '../helpers/random';
import { analysisInput, makeLabel, modelConfig } from './analysisInput';
import { golden, relativeError } from './golden';

/** Largest relative errors of single terms, logits drawn evenly from [low, high). */
function termErrors(gamma: number, low: number, high: number) {
  const table = termTable(gamma);
  const random = seededRandom(gamma * 10 + 1);
  const errors = { crossEntropy: 0, focal: 0 };
  const sums = newTermSums();
  for (let i = 0; i < 50_000; i++) {
    const logit = Float32Array.of(low + (high - low) * random());
    sums.fill(0);
    addTerms(table, logit, 0, 1, sums);
    const entropy = crossEntropy(logit[0], 0);
    const focal = focalLoss(logit[0], 0, { gamma, alpha: -1 });
    // Below the least normal float32 nothing is left of a loss but its size.
    if (entropy > 1e-37) errors.crossEntropy = Math.max(errors.crossEntropy, Math.abs(sums[0] / entropy - 1));
    if (focal > 1e-37) errors.focal = Math.max(errors.focal, Math.abs(sums[1] / focal - 1));
  }
  return errors;
}

describe('termTable', () => {
  it.each([
    [0, 4e-9],
    [0.5, 2e-8],
    [1, 4e-8],
    [2, 1.1e-7],
    [3.3, 3.2e-7],
    [5, 8.5e-7],
  ])('keeps gamma %d within %d of the exact terms, all over the table and beyond it', (gamma, bound) => {
    for (const [low, high] of [
      [-64, -16],
      [-16, -1],
      [-1, 1],
      [1, 64],
      [-1000, 1000],
      [64, 3e38],
      [-3e38, -64],
    ]) {
      const errors = termErrors(gamma, low, high);
      expect(errors.crossEntropy).toBeLessThan(4e-9);
      expect(errors.focal).toBeLessThan(bound);
    }
  });

  it('errs in turn this way and that, so that sums of terms are closer', () => {
    const random = seededRandom(5);
    const logits = Float32Array.from({ length: 20_000 }, () => -12 * random());
    const sums = newTermSums();
    addTerms(termTable(2), logits, 0, logits.length, sums);
    const exact = logits.reduce((sum, logit) => sum + focalLoss(logit, 0, { gamma: 2, alpha: -1 }), 0);
    expect(Math.abs(sums[1] / exact - 1)).toBeLessThan(1e-10);
  });

  it('is made once for a gamma', () => {
    const scratch = new AnalysisScratch();
    const table = scratch.termTable(2);
    expect(scratch.termTable(2)).toBe(table);
    expect(scratch.termTable(1).gamma).toBe(1);
  });
});

function columnsFor(anchors: number): ClassificationColumns {
  const column = () => new Float32Array(anchors);
  return {
    crossEntropy: column(),
    focal: column(),
    pt: column(),
    worstClass: new Uint16Array(anchors),
    worstLogit: column(),
    targetLogit: column(),
    tail: column(),
  };
}

describe('quickLosses', () => {
  const { classes, targets, crossEntropy: entropies, cases } = golden.sums;

  it.each(cases)("sums to torchvision's losses for gamma $gamma, alpha $alpha", ({ gamma, alpha, focal }) => {
    const columns = columnsFor(targets.length);
    const logits = Float32Array.from(golden.sums.logits);
    const table = termTable(gamma);
    expect(quickLosses(logits, classes, Int32Array.from(targets), { gamma, alpha }, table, columns)).toBe(true);
    expect(relativeError(columns.focal, focal, 1e-30)).toBeLessThan(1e-6);
    expect(relativeError(columns.crossEntropy, entropies, 1e-30)).toBeLessThan(1e-6);
  });

  it.each([1, 7])('has the classes, logits and p_t of the exact losses, with %d columns', width => {
    const random = seededRandom(6);
    const anchors = 500;
    const logits = Float32Array.from({ length: anchors * width }, () => Math.round((random() - 0.6) * 60) / 2);
    const goals = Int32Array.from({ length: anchors }, (_, i) => Math.min((i % 9) - 2, width - 1));
    const focal = { gamma: 1.5, alpha: 0.3 };
    const quick = columnsFor(anchors);
    quickLosses(logits, width, goals, focal, termTable(1.5), quick);
    const exact = anchorLosses(logits, width, goals, focal);
    expect(quick.worstClass).toEqual(exact.worstClass);
    expect(quick.worstLogit).toEqual(exact.gammaProfile.worstLogit);
    expect(quick.targetLogit).toEqual(exact.gammaProfile.targetLogit);
    expect(quick.pt).toEqual(exact.pt);
    expect(relativeError(quick.focal, exact.focal, 1e-37)).toBeLessThan(1e-6);
    expect(relativeError(quick.crossEntropy, exact.crossEntropy, 1e-37)).toBeLessThan(1e-6);
  });

  it.each([NaN, Infinity, -Infinity])('tells of %d anywhere', value => {
    // Background, foreground beside and at its target, ignored.
    for (const [place, target] of [[0, -1], [1, 0], [1, 1], [2, -2]] as const) {
      const logits = Float32Array.of(-1, -2, -3);
      logits[place] = value;
      const finite = quickLosses(
        logits,
        3,
        Int32Array.of(target),
        { gamma: 2, alpha: 0.25 },
        termTable(2),
        columnsFor(1),
      );
      expect(finite).toBe(false);
    }
  }); // prettier-ignore
});

describe('analyze with sums alone', () => {
  const labels = [makeLabel('7', 'cat', [20, 20, 60, 70]), makeLabel('8', 'dog', [70.5, 30.25, 110.75, 60])];
  const input = analysisInput(labels);
  const [whole, sums] = (['full', 'sums'] as const).map(detail => analyze({ ...input, detail }));

  it('gives what the whole analysis gives but for curves, tail and rounding', () => {
    const [exact, quick] = [anchorColumns(whole.columns), anchorColumns(sums.columns)];
    for (const name of [
      'state',
      'label',
      'iou',
      'pt',
      'worstClass',
      'boxRegression',
      'decoded',
      'worstLogit',
    ] as const) {
      expect(quick[name]).toEqual(exact[name]);
    }
    expect(relativeError(quick.focal, exact.focal, 1e-37)).toBeLessThan(1e-6);
    expect(quick.tail.every(value => value === 0)).toBe(true);
    expect(sums.curves).toEqual({ foreground: [], background: [] });
    expect(sums.anchors.levels.map(({ foreground }) => foreground)).toEqual(
      whole.anchors.levels.map(({ foreground }) => foreground),
    );
    expect(sums.loss.classification / whole.loss.classification).toBeCloseTo(1, 8);
    expect(sums.breakdown.map(({ anchors }) => anchors)).toEqual(whole.breakdown.map(({ anchors }) => anchors));
    expect(sums.issues).toEqual(whole.issues);
    expect(sums.detections).toEqual(whole.detections);
  });

  it('finds the detections and decoded boxes of its forward pass itself', () => {
    const { forward, anchors, prepared, image, bands } = input;
    const bare = { forward, anchors, prepared, image, bands, labels: input.labels };
    const config = modelConfig({ scoreThreshold: 0.3 });
    const [a, b] = (['full', 'sums'] as const).map(detail => analyze({ ...bare, config, detail }));
    expect(a.detections.length).toBeGreaterThan(10);
    expect(a.detections).toEqual(b.detections);
    expect(a.issues).toEqual(b.issues);
    const [exact, quick] = [anchorColumns(a.columns), anchorColumns(b.columns)];
    const decoded = quick.decoded.filter((_, i) => quick.worstLogit[i >> 2] > -2);
    expect(decoded).toEqual(exact.decoded.filter((_, i) => exact.worstLogit[i >> 2] > -2));
    expect(decoded.length).toBeGreaterThan(1000);
  });

  it('refuses logits that are not finite as the whole analysis does', () => {
    const logits = input.forward.logits.slice();
    logits[4321] = NaN;
    logits[5000] = -Infinity;
    const error = (detail: 'full' | 'sums'): unknown => {
      try {
        return analyze({ ...input, forward: { ...input.forward, logits }, detail });
      } catch (thrown) {
        return thrown;
      }
    };
    expect(error('sums')).toBeInstanceOf(UserError);
    expect(error('sums')).toEqual(error('full'));
  });
});
