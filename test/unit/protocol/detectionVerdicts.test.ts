import { describe, expect, it } from 'vitest';
import { iou, toCorners, type XywhBox } from '../../../src/common/boxes';
import type { Detection, LabelSummary } from '../../../src/protocol/analysis';
import { detectionVerdicts, missedLabels, verdictKinds } from '../../../src/protocol/detectionVerdicts';
import { seededRandom } from '../helpers/random';

const label = (column: number, bbox: XywhBox, excluded?: string): LabelSummary => ({
  id: '1',
  category: `class ${column}`,
  column,
  bbox,
  source: undefined,
  excluded,
  anchors: 0,
  anchorsByThreshold: 0,
  anchorsByLowQuality: 0,
  bestIou: 0,
  bestAnchor: -1,
  uncovered: 'none',
  meanPt: null,
  minPt: null,
  classification: 0,
  boxRegression: 0,
  bestDetection: null,
  bestAnyDetection: null,
});
const detection = (column: number, bbox: XywhBox, score: number): Detection => ({
  column,
  category: `class ${column}`,
  bbox,
  score,
});
const kinds = (detections: readonly Detection[], labels: readonly LabelSummary[]) =>
  detectionVerdicts(detections, labels).map(({ kind }) => kind);

describe('verdicts on detections', () => {
  const object = label(1, [0, 0, 100, 100]);

  it('give a label to the detection with the highest score, in whatever order they come', () => {
    const detections = [detection(1, [0, 0, 100, 100], 0.6), detection(1, [5, 0, 100, 100], 0.9)];
    expect(detectionVerdicts(detections, [object])).toEqual([
      { kind: 'duplicate', label: 0, iou: 1 },
      { kind: 'truePositive', label: 0, iou: expect.closeTo(95 / 105, 9) as number },
    ]);
  });

  it.each<[string, Detection, string]>([
    ['an IoU of exactly 0.5', detection(1, [0, 0, 100, 50], 0.9), 'truePositive'],
    ['an IoU just below 0.5', detection(1, [0, 0, 100, 49.9], 0.9), 'badlyPlaced'],
    ['an IoU of 0.1', detection(1, [0, 0, 100, 10], 0.9), 'badlyPlaced'],
    ['an IoU below 0.1', detection(1, [0, 0, 100, 9.9], 0.9), 'background'],
    ['another class, well placed', detection(2, [0, 0, 100, 50], 0.9), 'wrongClass'],
    ['another class, badly placed', detection(2, [0, 0, 100, 40], 0.9), 'both'],
    ['another class, far off', detection(2, [0, 0, 100, 9], 0.9), 'background'],
    ['no overlap at all', detection(1, [300, 300, 10, 10], 0.9), 'background'],
  ])('put %s where TIDE does', (_, found, kind) => {
    expect(kinds([found], [object])).toEqual([kind]);
  });

  it('call everything background in an image without labels', () => {
    expect(detectionVerdicts([detection(1, [0, 0, 9, 9], 1)], [])).toEqual([
      { kind: 'background', label: null, iou: 0 },
    ]);
    expect(detectionVerdicts([], [object])).toEqual([]);
  });

  it('look for a free label before they call a detection a duplicate', () => {
    const second = label(1, [20, 0, 100, 100]);
    const detections = [detection(1, [2, 0, 100, 100], 0.9), detection(1, [4, 0, 100, 100], 0.8)];
    expect(kinds(detections, [object, second])).toEqual(['truePositive', 'truePositive']);
  });

  it('say nothing about a detection on a label that takes no part', () => {
    const crowd = label(1, [0, 0, 300, 300], 'it marks a crowd');
    const other = label(2, [0, 0, 300, 300], 'it marks a crowd');
    const unknown = label(-1, [0, 0, 300, 300], 'the model has no such class');
    const found = detection(1, [20, 20, 40, 40], 0.9);
    expect(kinds([found], [crowd])).toEqual(['ignored']);
    expect(kinds([found], [unknown])).toEqual(['ignored']);
    expect(kinds([found], [other])).toEqual(['background']);
    expect(kinds([detection(1, [0, 0, 100, 100], 0.9)], [object, crowd])).toEqual(['truePositive']);
  });

  it('agree with the definitions on random boxes, and do not change when low scores are left out', () => {
    const random = seededRandom(5);
    const box = (): XywhBox => [random() * 60, random() * 60, 10 + random() * 50, 10 + random() * 50];
    for (let round = 0; round < 60; round++) {
      const labels = Array.from({ length: 4 }, () => label(1 + Math.floor(random() * 2), box()));
      const detections = Array.from({ length: 12 }, () => detection(1 + Math.floor(random() * 2), box(), random()));
      const verdicts = detectionVerdicts(detections, labels);
      const found = verdicts.filter(({ kind }) => kind === 'truePositive').map(verdict => verdict.label);
      expect(new Set(found).size).toBe(found.length);
      verdicts.forEach((verdict, d) => {
        const overlap = (i: number) => iou(toCorners(detections[d].bbox), toCorners(labels[i].bbox));
        const best = (accept: (i: number) => boolean) =>
          Math.max(0, ...labels.map((_, i) => (accept(i) ? overlap(i) : 0)));
        const isSame = (i: number) => labels[i].column === detections[d].column;
        expect(verdictKinds).toContain(verdict.kind);
        if (verdict.label !== null) expect(verdict.iou).toBe(overlap(verdict.label));
        if (verdict.kind === 'background') expect(best(() => true)).toBeLessThanOrEqual(0.1);
        if (verdict.kind === 'badlyPlaced') expect(verdict.iou).toBe(best(isSame));
        if (verdict.kind === 'wrongClass') expect(verdict.iou).toBe(best(i => !isSame(i)));
        if (verdict.kind === 'duplicate') expect(found).toContain(verdict.label);
        if (verdict.kind === 'both') expect(verdict.iou).toBeLessThan(0.5);
      });
      const kept = detections.filter(({ score }) => score >= 0.5);
      const rest = verdicts.filter((_, d) => detections[d].score >= 0.5);
      expect(detectionVerdicts(kept, labels).map(({ kind }) => kind)).toEqual(rest.map(({ kind }) => kind));
    }
  });
});

describe('missed labels', () => {
  it('are those that no detection above the threshold speaks of', () => {
    const labels = [
      label(1, [0, 0, 100, 100]),
      label(1, [200, 0, 100, 100]),
      label(1, [400, 0, 100, 100]),
      label(1, [600, 0, 0, 100], 'no area'),
    ];
    const detections = [detection(1, [0, 0, 100, 100], 0.9), detection(2, [200, 0, 100, 100], 0.4)];
    const verdicts = detectionVerdicts(detections, labels);
    expect(missedLabels(detections, labels, verdicts, 0.05)).toEqual([2]);
    expect(missedLabels(detections, labels, verdicts, 0.5)).toEqual([1, 2]);
    expect(missedLabels(detections, labels, verdicts, 0.95)).toEqual([0, 1, 2]);
  });
});
