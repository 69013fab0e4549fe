import { describe, expect, it } from 'vitest';
import { anchorLosses } from '../../../src/analysis/anchorLosses';
import { assessFocalLoss } from '../../../src/analysis/focalAssessment';
import { anchorState, type Analysis } from '../../../src/protocol/analysis';
import { FocalEstimate } from '../../../src/webview/lens/focalEstimate';
import { lensImage } from '../../../src/webview/lens/lensImage';
import { LossModel, ownSettings, type WhatIf } from '../../../src/webview/lens/whatIf';
import { seededRandom } from '../helpers/random';
import { cellSlide, syntheticRun } from '../helpers/syntheticAnalysis';

const random = seededRandom(31);

describe('FocalEstimate', () => {
  const classes = 91;
  const count = 2000;
  const spread = (anchor: number): number => [0.4, 1, 3, 9][anchor % 4];
  const logits = Float32Array.from({ length: count * classes }, (_, i) => {
    const noise = random() + random() + random() - 1.5;
    return -4.6 + spread(Math.floor(i / classes)) * noise + (random() < 0.01 ? 7 * random() : 0);
  });
  const targets = Int32Array.from({ length: count }, (_, i) => (i % 10 === 0 ? i % classes : i % 17 === 0 ? -2 : -1));
  const state = Int8Array.from(targets, target => (target >= 0 ? anchorState.foreground : target === -2 ? -2 : 0));
  const { gammaProfile } = anchorLosses(logits, classes, targets, { gamma: 2, alpha: 0.25 });
  const estimate = new FocalEstimate({ state, ...gammaProfile });
  const out = new Float32Array(count);

  const gammas = [0, 0.03, 0.1, 0.2, 0.35, 0.5, 0.8, 1, 1.37, 2, 2.5, 3.2, 4.4, 4.99, 5];
  it.each(gammas)('is within 0.5% of every anchor’s loss at gamma %f, whatever alpha', gamma => {
    for (const alpha of [-1, 0, 0.25, 0.9, 1]) {
      const { focal } = anchorLosses(logits, classes, targets, { gamma, alpha });
      estimate.evaluate(gamma, alpha, out);
      for (let i = 0; i < count; i++) {
        expect(Math.abs(out[i] - focal[i])).toBeLessThanOrEqual(0.005 * focal[i] + 1e-30);
      }
      const total = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);
      if (total(focal) > 0) expect(total(out) / total(focal)).toBeCloseTo(1, 2.5);
    }
  });

  it('gives foreground anchors alone the same values', () => {
    const foreground = new Float32Array(count);
    estimate.evaluate(0.7, 0.6, out);
    estimate.evaluateForeground(0.7, 0.6, foreground);
    state.forEach((s, i) => expect(foreground[i]).toBe(s === anchorState.foreground ? out[i] : 0));
  });

  it('follows logits of any size', () => {
    const extreme = Float32Array.from([90, -90, 700, -700, 0, -40, 30, -1000, -0.001, 1e-8, 20, -25]);
    const goals = Int32Array.from([0, 1, -1, -1]);
    const states = Int8Array.from([1, 1, 0, 0]);
    const profile = anchorLosses(extreme, 3, goals, { gamma: 2, alpha: 0.25 }).gammaProfile;
    const few = new Float32Array(4);
    for (const gamma of [0, 0.5, 2.2, 5]) {
      const { focal } = anchorLosses(extreme, 3, goals, { gamma, alpha: 0.25 });
      new FocalEstimate({ state: states, ...profile }).evaluate(gamma, 0.25, few);
      few.forEach((value, i) => expect(Math.abs(value - focal[i])).toBeLessThanOrEqual(0.005 * focal[i] + 1e-30));
    }
  });
});

describe('LossModel', () => {
  const { analysis, logits, levels, targets } = syntheticRun(cellSlide());
  const image = lensImage('slide', '', analysis);
  const own = ownSettings(analysis);
  const exactly = ({ gamma, alpha, bands }: WhatIf) =>
    assessFocalLoss(
      logits,
      analysis.model.classes.length,
      image.columns.state,
      targets,
      levels,
      { gamma, alpha },
      bands,
    );

  it('gives the image itself under its own settings', () => {
    expect(new LossModel(image).under(own)).toBe(image);
  });

  const settings: WhatIf[] = [
    { ...own, gamma: 0.3 },
    { ...own, gamma: 3.7, alpha: 0.6 },
    { ...own, gamma: 0, alpha: -1 },
    { ...own, alpha: 0.9 },
    { gamma: 1.5, alpha: 0.25, bands: { easy: 0.97, hard: 0.6 } },
  ];
  it.each(settings)('follows the engine in totals, groups, levels, labels and curves: %j', whatIf => {
    const model = new LossModel(image);
    const expected = exactly(whatIf);
    for (const exact of [undefined, { ...whatIf, focal: expected.losses.focal }]) {
      const near = (actual: number, wanted: number) =>
        expect(Math.abs(actual - wanted)).toBeLessThanOrEqual((exact === undefined ? 0.005 : 1e-9) * Math.abs(wanted));
      const shown = model.under(whatIf, exact);
      near(shown.analysis.loss.classification, expected.classification);
      expect(shown.analysis.loss).toMatchObject({ gamma: whatIf.gamma, alpha: whatIf.alpha });
      shown.analysis.breakdown.forEach((row, i) => {
        expect(row.anchors).toBe(expected.breakdown[i].anchors);
        near(row.focal, expected.breakdown[i].focal);
        near(row.crossEntropy, expected.breakdown[i].crossEntropy);
      });
      shown.analysis.anchors.levels.forEach((level, i) => near(level.focal, expected.levels[i].focal));
      const labels = shown.analysis.labels.reduce((sum, label) => sum + label.classification, 0);
      const foreground = expected.breakdown.filter(row => row.group.startsWith('foreground'));
      near(
        labels,
        foreground.reduce((sum, row) => sum + row.focal, 0),
      );
      for (const state of ['foreground', 'background'] as const) {
        const curves = shown.analysis.curves[state];
        expect(curves.map(curve => curve.gamma)).toEqual(expected.curves[state].map(curve => curve.gamma));
        curves.forEach((curve, i) => {
          for (const share of [0.5, 0.9, 0.99]) {
            expect(lossAt(curve, share)).toBeCloseTo(lossAt(expected.curves[state][i], share), 1.5);
          }
        });
      }
      expect(shown.values('focal')).toBe(shown.columns.focal);
      expect(shown.values('crossEntropy')).toBe(image.values('crossEntropy'));
    }
  });

  it('changes groups but no loss with the bands alone', () => {
    const shown = new LossModel(image).under({ ...own, bands: { easy: 0.99, hard: 0.2 } });
    expect(shown.columns.focal).toBe(image.columns.focal);
    expect(shown.analysis.loss).toEqual(analysis.loss);
    expect(shown.analysis.breakdown).toEqual(exactly({ ...own, bands: { easy: 0.99, hard: 0.2 } }).breakdown);
  });

  it('changes nothing of the image it was made of', () => {
    const before = image.columns.focal.slice();
    const model = new LossModel(image);
    for (const whatIf of settings) model.under(whatIf);
    expect(image.columns.focal).toEqual(before);
    expect(image.analysis).toBe(analysis);
  });
});

function lossAt({ anchors, loss }: Analysis['curves']['foreground'][number], share: number): number {
  const after = Math.max(
    1,
    anchors.findIndex(a => a >= share),
  );
  const t = (share - anchors[after - 1]) / (anchors[after] - anchors[after - 1]);
  return loss[after - 1] + t * (loss[after] - loss[after - 1]);
}
