import { describe, expect, it } from 'vitest';
import { imageLevel, ofKind, overall, shown, type ImageResult } from '../../../bench/labels/evaluate';
import { reliability } from '../../../bench/labels/reliability';
import type { PlantedError, Suspicion } from '../../../bench/labels/types';
import type { CornerBox } from '../../../src/common/boxes';

const box: CornerBox = [0, 0, 10, 10];
const about = (labelId: string, score: number, kind: Suspicion['kind'] = null): Suspicion => ({
  labelId,
  box,
  score,
  kind,
});
const unlabelled = (at: CornerBox, score: number): Suspicion => ({ labelId: null, box: at, score, kind: 'drop' });
const planted = (kind: PlantedError['kind'], labelIds: readonly string[], at = box): PlantedError => ({
  kind,
  labelIds,
  box: at,
});

function image(suspicions: readonly Suspicion[], errors: readonly PlantedError[], score = 0): ImageResult {
  return { suspicions, errors, ofKind: {}, labelIds: ['a', 'b', 'c', 'd'], imageScore: score };
}

describe('the metrics of a ranked list', () => {
  it('are those of a list counted by hand', () => {
    // Ranks: hit, miss, hit, miss; one of three errors is not listed.
    const list = [about('a', 0.9), about('b', 0.8), about('c', 0.7), about('d', 0.6)];
    const errors = [planted('flip', ['a']), planted('spawn', ['c']), planted('drop', [], [50, 50, 60, 60])];
    const metrics = overall([image(list, errors)], ['drop', 'flip', 'spawn']);
    expect(metrics.averagePrecision).toBeCloseTo((1 + 2 / 3) / 3, 12);
    expect(metrics.recallAtN).toBeCloseTo(2 / 3, 12);
    expect(metrics.maxF1).toBeCloseTo(4 / 6, 12);
  });

  it('count a label once with its highest score, and an error once', () => {
    const errors = [planted('duplicate', ['a', 'b'])];
    const twice = overall([image([about('a', 0.2), about('a', 0.9)], errors)], ['duplicate']);
    expect(twice.averagePrecision).toBe(1);
    const both = overall([image([about('c', 0.95), about('a', 0.9), about('b', 0.8)], errors)], ['duplicate']);
    expect(both.averagePrecision).toBe(0.5);
    expect(both.maxF1).toBeCloseTo(2 / 3, 12);
  });

  it('find a dropped label by a box of IoU 0.5 without label', () => {
    const errors = [planted('drop', [])];
    const at = (second: CornerBox) => overall([image([unlabelled(second, 1)], errors)], ['drop']).averagePrecision;
    expect(at([0, 0, 10, 5])).toBe(1);
    expect(at([0, 0, 10, 4.9])).toBe(0);
    expect(overall([image([about('a', 1)], errors)], ['drop']).averagePrecision).toBe(0);
  });

  it('by kind leave out what hits another kind, and file entries by the method’s kinds', () => {
    const list = [about('a', 0.9, 'flip'), about('b', 0.8, 'flip'), about('c', 0.7, 'shift'), about('d', 0.6, 'flip')];
    const images = [image(list, [planted('shift', ['a']), planted('flip', ['b'])])];
    const flip = ofKind(images, 'flip');
    expect(flip.averagePrecision).toBe(1);
    expect(flip.auroc).toBe(1);
    expect(ofKind(images, 'shift').averagePrecision).toBe(0);
  });

  it('take unlisted labels for the least suspicious ones in AUROC', () => {
    const images = [image([about('a', 0.9), about('b', 0.95)], [planted('flip', ['a'])])];
    expect(ofKind(images, 'flip').auroc).toBeCloseTo(2 / 3, 12);
  });

  it('do not reward equal scores for their order', () => {
    const errors = Array.from({ length: 200 }, (_, i) => planted('flip', [`bad ${i}`]));
    const list = Array.from({ length: 200 }, (_, i) => [about(`bad ${i}`, 1), about(`good ${i}`, 1)]).flat();
    const { averagePrecision } = overall([image(list, errors)], ['flip']);
    expect(averagePrecision).toBeGreaterThan(0.4);
    expect(averagePrecision).toBeLessThan(0.6);
  });

  it('compare images by their scores', () => {
    const metrics = imageLevel([
      image([], [planted('drop', [])], 0.9),
      image([], [], 0.5),
      image([], [planted('drop', [])], 0.1),
    ]);
    expect(metrics.auroc).toBe(0.5);
    expect(metrics.averagePrecision).toBeCloseTo((1 + 2 / 3) / 2, 12);
  });

  it('tell what is shown above a bound', () => {
    const list = [about('a', 0.9, 'flip'), about('b', 0.8, 'shift'), about('c', 0.2, 'shift')];
    const errors = [planted('flip', ['a']), planted('flip', ['b']), planted('shift', ['c']), planted('spawn', ['d'])];
    expect(shown([image(list, errors)], 0.5)).toEqual({
      ...{ precision: 1, recall: 0.5, kindRight: 0.5 },
      ...{ certain: 0, certainHits: 0 },
    });
    const certain = shown([image([...list, about('c', 0.6), about('x', 0.7)], errors)], 0.5);
    expect([certain.certain, certain.certainHits, certain.precision]).toEqual([2, 1, 0.75]);
  });
});

describe('the reliability of scores', () => {
  it('is counted in bins of a tenth, without what is certain and without second hits', () => {
    const errors = [planted('flip', ['a']), planted('duplicate', ['b', 'c'])];
    const list = [
      about('a', 0.95, 'flip'),
      about('a', 1, null),
      about('b', 0.92, 'duplicate'),
      about('c', 0.91, 'duplicate'),
      about('d', 0.3, 'spawn'),
      unlabelled([50, 50, 60, 60], 1),
    ];
    const bins = reliability([image(list, errors)], 0.3);
    expect(bins.map(({ count }) => count)).toEqual([1, 0, 0, 0, 0, 0, 4]);
    expect([bins[0].meanScore, bins[0].hitRate]).toEqual([0.3, 0]);
    expect(bins[6].meanScore).toBeCloseTo((0.95 + 0.92 + 0.91 + 1) / 4, 12);
    expect(bins[6].hitRate).toBe(0.5);
  });
});
