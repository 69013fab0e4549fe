import { describe, expect, it } from 'vitest';
import { breakdown } from '../../../src/protocol/breakdown';
import { breakdownSentence, formatShare } from '../../../src/protocol/breakdownSentence';
import { breakdownGroups, defaultBands } from '../../../src/protocol/analysis';

const columns = {
  state: Int8Array.of(0, 0, 0, 0, 1, 1, 1, -2),
  pt: Float32Array.of(0.95, 0.99, 0.6, 0.1, 0.93, 0.5, 0.49, NaN),
  crossEntropy: Float32Array.of(1, 2, 4, 8, 16, 32, 64, 0),
  focal: Float32Array.of(0.5, 0.25, 1, 2, 4, 8, 16, 0),
};

describe('breakdown', () => {
  it('puts every anchor into one of seven groups, in a fixed order', () => {
    const rows = breakdown(columns, defaultBands);
    expect(rows.map(row => row.group)).toEqual(breakdownGroups);
    expect(rows.map(row => row.anchors)).toEqual([2, 1, 1, 1, 1, 1, 1]);
    expect(rows.map(row => row.crossEntropy)).toEqual([3, 4, 8, 16, 32, 64, 0]);
    expect(rows.map(row => row.focal)).toEqual([0.75, 1, 2, 4, 8, 16, 0]);
    expect(rows[0].anchorShare).toBe(0.25);
    expect(rows[5].crossEntropyShare).toBe(64 / 127);
    expect(rows[1].focalShare).toBe(1 / 31.75);
  });

  it('moves anchors with the thresholds: easy from its threshold on, hard below its own', () => {
    const rows = breakdown(columns, { easy: 0.5, hard: 0.49 });
    expect(rows.map(row => row.anchors)).toEqual([3, 0, 1, 2, 1, 0, 1]);
  });

  it('has shares of 0 where there is no loss', () => {
    const zero = { ...columns, crossEntropy: new Float32Array(8), focal: new Float32Array(8) };
    expect(breakdown(zero, defaultBands).map(row => row.focalShare + row.crossEntropyShare)).toEqual([
      0, 0, 0, 0, 0, 0, 0,
    ]);
  });
});

describe('breakdownSentence', () => {
  it('says what easy negatives are and carry', () => {
    expect(breakdownSentence({ breakdown: breakdown(columns, defaultBands), bands: defaultBands })).toBe(
      '25.0% of the anchors are easy negatives (background at p_t ≥ 0.9): they carry 2.4% of the cross entropy and 2.4% of the focal loss.',
    );
  });

  it('says so when there are none', () => {
    const bands = { easy: 0.999, hard: 0.5 };
    expect(breakdownSentence({ breakdown: breakdown(columns, bands), bands })).toBe(
      'No anchor is an easy negative (background at p_t ≥ 0.999).',
    );
  });

  it('never rounds a share to all or nothing', () => {
    const shares = [0, 1e-9, 0.00012, 0.0042, 0.0312, 0.67, 0.996, 0.9987, 0.99968, 0.999999, 1];
    expect(shares.map(formatShare)).toEqual([
      '0%', '<0.01%', '0.01%', '0.42%', '3.1%', '67.0%', '99.6%', '99.9%', '99.97%', '>99.99%', '100%',
    ]); // prettier-ignore
  });
});
