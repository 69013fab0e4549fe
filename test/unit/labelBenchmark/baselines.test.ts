import { describe, expect, it } from 'vitest';
import { detectorScore } from '../../../bench/labels/baselines/detectorScore';
import { fiftyOne } from '../../../bench/labels/baselines/fiftyOne';
import { objectLab } from '../../../bench/labels/baselines/objectLab';
import { totalLoss } from '../../../bench/labels/baselines/totalLoss';
import { focalLens } from '../../../bench/labels/focalLens';
import type { Method, Scene } from '../../../bench/labels/types';
import { analyzeWithEvidence } from '../../../src/analysis/analyze';
import type { CornerBox } from '../../../src/common/boxes';
import type { Detections } from '../../../src/model/types';
import { imageLabels, makeLabel } from '../analysis/analysisInput';
import { sceneInput, type SceneObject } from '../analysis/issues/sceneInput';

const cat = makeLabel('cat', 'cat', [10, 10, 50, 50]);
const dog = makeLabel('dog', 'dog', [70, 20, 120, 60]);
const shownObjects: readonly SceneObject[] = [
  { category: 'cat', box: cat.box },
  { category: 'bird', box: [30, 64, 62, 96] },
];

function scene(found: readonly (readonly [CornerBox, number, number])[]): Scene {
  const detections: Detections = {
    count: found.length,
    boxes: Float32Array.from(found.flatMap(([box]) => [...box])),
    columns: Int32Array.from(found, ([, column]) => column),
    scores: Float32Array.from(found, ([, , score]) => score),
    anchors: new Int32Array(found.length),
  };
  const input = { ...sceneInput([cat, dog], shownObjects), detections };
  const { part, evidence } = analyzeWithEvidence(input);
  return { ...input, file: 'a.png', labels: imageLabels([cat, dog]), analysis: part, evidence };
}

/** A cat seen well, a dog taken for a cat elsewhere, a bird without label. */
const seen = scene([
  [[30, 64, 62, 96], 3, 0.97],
  [[10, 10, 50, 45], 1, 0.8],
  [[70, 20, 120, 60], 1, 0.96],
]);
const scoresOf = (method: Method, labelId: string | null) =>
  method.suspicions(seen).filter(suspicion => suspicion.labelId === labelId).map(({ kind, score }) => [kind, Number(score.toFixed(4))]); // prettier-ignore

describe('the baselines', () => {
  it('score by the detector', () => {
    expect(scoresOf(detectorScore, 'cat')).toEqual([[null, 0.2]]);
    expect(scoresOf(detectorScore, 'dog')).toEqual([[null, 1]]);
    expect(scoresOf(detectorScore, null)).toEqual([['drop', 0.97]]);
  });

  it('score as FiftyOne publishes it', () => {
    // (1 - 0.8) / 2; IoU 0.875: (0.8 (2 * 0.25 - 1) + 1) / 2.
    expect(scoresOf(fiftyOne, 'cat')).toEqual([['flip', 0.1], ['shift', 0.3]]); // prettier-ignore
    // (1 + 0.96) / 2; IoU 1: (0.96 (0 - 1) + 1) / 2.
    expect(scoresOf(fiftyOne, 'dog')).toEqual([['flip', 0.98], ['shift', 0.02]]); // prettier-ignore
    expect(scoresOf(fiftyOne, null)).toEqual([['drop', 0.97]]);
  });

  it('score as ObjectLab publishes it, and with the distance inverted', () => {
    // Similarity of the cats: IoU 0.875, centres 2.5 px apart.
    const near = Math.exp(-0.25);
    const cats = (term: number) => Number((1 - (0.9 * 0.875 + 0.1 * term)).toFixed(4));
    expect(scoresOf(objectLab(false), 'cat')[0]).toEqual(['shift', cats(near)]);
    expect(scoresOf(objectLab(true), 'cat')[0]).toEqual(['shift', cats(1 - near)]);
    // Another class above 0.95 at the dog's place: identical boxes have similarity 1, inverted 0.9.
    expect(scoresOf(objectLab(false), 'dog')[1]).toEqual(['flip', 0.999]);
    expect(scoresOf(objectLab(true), 'dog')[1]).toEqual(['flip', 0.9]);
    expect(objectLab(false).imageScore?.(seen)).toBeGreaterThan(0.5);
  });

  it('score by the loss of a label’s anchors', () => {
    const [[, catLoss], [, dogLoss]] = [scoresOf(totalLoss, 'cat')[0], scoresOf(totalLoss, 'dog')[0]];
    const { classification, boxRegression } = seen.analysis.labels[1];
    expect(dogLoss).toBeCloseTo(classification + boxRegression, 3);
    expect(dogLoss).toBeGreaterThan(Number(catLoss) * 3);
    expect(scoresOf(totalLoss, null)[0][1]).toBeGreaterThan(0);
  });

  it('stand beside the product’s own list', () => {
    const list = focalLens.suspicions(seen);
    expect(list.map(({ labelId }) => labelId)).toEqual(expect.arrayContaining(['cat', 'dog', null]));
    expect(list.find(({ labelId }) => labelId === 'dog')?.kind).toBe('spawn');
    const ranked = focalLens.ofKind?.(seen, 'spawn') ?? [];
    expect(ranked).toHaveLength(2);
    expect(ranked[1].score).toBeGreaterThan(ranked[0].score);
  });
});
