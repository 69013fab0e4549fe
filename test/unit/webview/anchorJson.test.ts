import { describe, expect, it } from 'vitest';
import { anchorState } from '../../../src/protocol/analysis';
import { lensImage } from '../../../src/webview/lens/lensImage';
import { LossModel } from '../../../src/webview/lens/whatIf';
import { anchorJson } from '../../../src/webview/panel/anchorJson';
import { cellSlide, syntheticAnalysis } from '../helpers/syntheticAnalysis';

const image = lensImage('slide', '', syntheticAnalysis(cellSlide()));
const { columns, analysis } = image;

describe('an anchor on the clipboard', () => {
  it('holds the columns’ numbers, unrounded, and null where there is none', () => {
    for (const state of Object.values(anchorState)) {
      const anchor = columns.state.indexOf(state);
      const copied = JSON.parse(anchorJson(image, anchor, undefined)) as Record<string, unknown>;
      expect(copied.focal).toBe(columns.focal[anchor]);
      expect(copied.iou).toBe(columns.iou[anchor]);
      expect(copied.pt).toBe(state === anchorState.ignored ? null : columns.pt[anchor]);
      expect(copied.boxRegression).toBe(state === anchorState.foreground ? columns.boxRegression[anchor] : null);
      expect(copied).not.toHaveProperty('terms');
    }
  });

  it('says all losses under one gamma and alpha', () => {
    const anchor = columns.state.indexOf(anchorState.background);
    const terms = [
      { column: 1, category: 'RBC', target: 0 as const, logit: 0, probability: 0.5, crossEntropy: 1, focal: 0.1875 },
    ];
    const played = new LossModel(image).under({ gamma: 1, alpha: -1, bands: analysis.bands });
    const copied = JSON.parse(anchorJson(played, anchor, { anchor, terms })) as Record<string, unknown>;
    expect(copied).toMatchObject({ gamma: 1, alpha: -1, focal: played.columns.focal[anchor] });
    expect(copied.focal).not.toBe(columns.focal[anchor]);
    expect(copied.terms).toEqual([{ ...terms[0], focal: expect.closeTo(0.5, 12) as number }]);
  });

  it('has boxes in image pixels, and the terms where they are known', () => {
    const label = analysis.labels[0];
    const terms = [
      { column: 1, category: 'RBC', target: 1 as const, logit: 0, probability: 0.5, crossEntropy: 1, focal: 0.1 },
    ];
    const copied = JSON.parse(anchorJson(image, label.bestAnchor, { anchor: label.bestAnchor, terms })) as {
      bbox: number[];
      terms: { focal: number }[];
      label: unknown;
    };
    expect(copied.terms).toEqual([{ ...terms[0], focal: expect.closeTo(0.25 * 0.5 ** 2, 12) as number }]);
    expect(copied.label).toEqual({ id: label.id, category: label.category });
    const [x, y, width, height] = copied.bbox;
    const overlap = (a: number, size: number, b: number, other: number) =>
      Math.min(a + size, b + other) - Math.max(a, b);
    const shared = overlap(x, width, label.bbox[0], label.bbox[2]) * overlap(y, height, label.bbox[1], label.bbox[3]);
    expect(shared / (width * height + label.bbox[2] * label.bbox[3] - shared)).toBeCloseTo(label.bestIou, 2);
  });
});
