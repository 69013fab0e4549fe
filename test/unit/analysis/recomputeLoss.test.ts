import { describe, expect, it } from 'vitest';
import { anchorLosses } from '../../../src/analysis/anchorLosses';
import { recomputeLoss } from '../../../src/analysis/recomputeLoss';
import { anchorColumns } from '../../../src/protocol/anchorColumns';
import { cellSlide, syntheticRun } from '../helpers/syntheticAnalysis';

describe('recomputeLoss', () => {
  const { analysis, logits, targets } = syntheticRun(cellSlide());
  const { classes } = analysis.model;
  const under = (gamma: number, alpha: number) => recomputeLoss({ logits, classes, analysis, focal: { gamma, alpha } });

  it('gives the analysis its own losses again', () => {
    const { gamma, alpha } = analysis.loss;
    expect(under(gamma, alpha)).toEqual(anchorColumns(analysis.columns).focal.slice());
  });

  it('gives those of any other gamma and alpha', () => {
    for (const focal of [
      { gamma: 0, alpha: -1 },
      { gamma: 3.3, alpha: 0.7 },
    ]) {
      expect(under(focal.gamma, focal.alpha)).toEqual(anchorLosses(logits, classes.length, targets, focal).focal);
    }
  });

  it('refuses what is no gamma and no alpha', () => {
    for (const [gamma, alpha] of [
      [NaN, 0.25],
      [-1, 0.25],
      [1e9, 0.25],
      [2, 1.5],
      [2, -Infinity],
    ]) {
      expect(() => under(gamma, alpha)).toThrow(RangeError);
    }
  });
});
