import { describe, expect, it } from 'vitest';
import { anchorState } from '../../../src/protocol/analysis';
import { anchorKeys, keptAnchors, orderedAnchors } from '../../../src/webview/lens/anchorOrder';
import { noFilter, passingAnchors } from '../../../src/webview/lens/anchorFilter';
import { classLosses } from '../../../src/webview/lens/classLosses';
import { lensImage } from '../../../src/webview/lens/lensImage';
import { ptHistogram } from '../../../src/webview/lens/ptHistogram';
import { cellSlide, syntheticAnalysis } from '../helpers/syntheticAnalysis';

const image = lensImage('slide', '', syntheticAnalysis(cellSlide()));
const { analysis, columns } = image;
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);

describe('the histogram of p_t', () => {
  it('counts every anchor that takes part once, within its bin', () => {
    const { foreground, background } = ptHistogram(columns);
    expect([sum(foreground), sum(background)]).toEqual([analysis.anchors.foreground, analysis.anchors.background]);
    const inFirst = [...columns.pt.keys()].filter(
      i => columns.state[i] === anchorState.foreground && columns.pt[i] < 0.05,
    );
    expect(foreground[0]).toBe(inFirst.length);
  });

  it('meets the breakdown where the thresholds are edges of bins', () => {
    const { background } = ptHistogram(columns, 10);
    expect(background[9]).toBe(analysis.breakdown[0].anchors);
    expect(sum(background.slice(0, 5))).toBe(analysis.breakdown[2].anchors);
  });

  it('puts p_t 0 and 1 into the outer bins', () => {
    const { foreground, background } = ptHistogram(
      { pt: Float32Array.of(0, 1, NaN, 0.25), state: Int8Array.of(1, 0, -2, 1) },
      4,
    );
    expect([[...foreground], [...background]]).toEqual([
      [1, 1, 0, 0],
      [0, 0, 0, 1],
    ]);
  });
});

describe('loss by class', () => {
  it('adds up to the image, costliest class first', () => {
    const rows = classLosses(image);
    const totals = rows.map(row => row.foregroundFocal + row.backgroundFocal);
    expect(sum(totals)).toBeCloseTo(sum(columns.focal), 3);
    expect(totals).toEqual([...totals].sort((a, b) => b - a));
    expect(sum(rows.map(row => row.foreground))).toBe(analysis.anchors.foreground);
    expect(sum(rows.map(row => row.labels))).toBe(analysis.labels.length);
    const carried = new Map<number, number>();
    for (const label of analysis.labels) {
      carried.set(label.column, (carried.get(label.column) ?? 0) + label.classification);
    }
    for (const row of rows) expect(row.foregroundFocal).toBeCloseTo(carried.get(row.column) ?? 0, 3);
  });
});

describe('the order of anchors', () => {
  it.each(anchorKeys.flatMap(key => [true, false].map(descending => ({ key, descending }))))(
    'by $key, descending $descending, holds each anchor once',
    order => {
      const anchors = orderedAnchors(columns, order);
      expect(new Set(anchors).size).toBe(columns.state.length);
      if (order.key === 'place') {
        expect(anchors[0]).toBe(order.descending ? columns.state.length - 1 : 0);
        return;
      }
      const values = columns[order.key];
      for (let i = 1; i < anchors.length; i++) {
        const [a, b] = [values[anchors[i - 1]], values[anchors[i]]];
        if (Number.isNaN(b)) continue;
        const isOrdered = order.descending ? a > b : a < b;
        if (!isOrdered && !(a === b && anchors[i - 1] < anchors[i])) throw new Error(`${a} before ${b} at ${i}`);
      }
    },
  );

  it('puts anchors without p_t last, and holds those that pass alone', () => {
    for (const descending of [true, false]) {
      const anchors = orderedAnchors(columns, { key: 'pt', descending });
      const last = anchors.slice(anchors.length - analysis.anchors.ignored);
      expect(last.every(anchor => columns.state[anchor] === anchorState.ignored)).toBe(true);
    }
    const passing = passingAnchors(image, { ...noFilter, groups: 1 << 6 }, analysis.bands);
    expect(keptAnchors(orderedAnchors(columns, { key: 'iou', descending: true }), passing)).toHaveLength(
      analysis.anchors.ignored,
    );
  });
});
