import { describe, expect, it } from 'vitest';
import { plantErrors, type CleanImage, type PlantOptions } from '../../../bench/labels/plant';
import { errorKinds } from '../../../bench/labels/types';
import { iou } from '../../../src/common/boxes';
import { imageLabels, makeLabel } from '../analysis/analysisInput';
import { seededRandom } from '../helpers/random';

const random = seededRandom(5);
const images: readonly CleanImage[] = Array.from({ length: 20 }, (_, image) => ({
  file: `${image}.png`,
  width: 640,
  height: 480,
  labels: imageLabels(
    Array.from({ length: 10 }, (_, i) => {
      const [x, y] = [random() * 500, random() * 380];
      const box = [x, y, x + 30 + random() * 100, y + 30 + random() * 60] as const;
      return makeLabel(String(i + 1), ['cat', 'dog', 'bird'][i % 3], box);
    }),
  ),
}));
const all: PlantOptions = { seed: 1, kinds: errorKinds, rate: 0.2, imageShare: 1 };

describe('plantErrors', () => {
  const planted = plantErrors(images, all);
  const errors = planted.flatMap((image, i) =>
    image.errors.map(error => ({ ...error, i, labels: image.labels.labels })),
  );
  const original = (i: number, id: string) => images[i].labels.labels.find(label => label.id === id) ?? expect.fail(id);
  const now = (i: number, id: string) => planted[i].labels.labels.find(label => label.id === id);

  it('gives each kind a quarter of the rate', () => {
    for (const kind of errorKinds) expect(errors.filter(error => error.kind === kind)).toHaveLength(10);
  });

  it('makes of each label what its kind says', () => {
    for (const { kind, i, labelIds, box } of errors) {
      const [id, copy] = labelIds;
      if (kind === 'drop') {
        const gone = images[i].labels.labels.filter(label => label.box === box);
        expect(gone.map(label => now(i, label.id))).toEqual([undefined]);
      } else if (kind === 'flip') {
        expect(now(i, id)?.category).not.toBe(original(i, id).category);
        expect(now(i, id)?.box).toEqual(original(i, id).box);
      } else if (kind === 'shift') {
        const value = iou(box, original(i, id).box);
        expect(value).toBeGreaterThanOrEqual(0.4);
        expect(value).toBeLessThan(0.7);
      } else if (kind === 'spawn') {
        expect(images[i].labels.labels.some(label => label.id === id)).toBe(false);
        expect(now(i, id)?.box).toEqual(box);
      } else {
        expect(iou(now(i, copy)?.box ?? expect.fail(), original(i, id).box)).toBeGreaterThanOrEqual(0.8);
      }
    }
  });

  it('touches no label twice and leaves its input alone', () => {
    const before = JSON.stringify(images);
    plantErrors(images, { ...all, seed: 2 });
    expect(JSON.stringify(images)).toBe(before);
    const touched = errors.flatMap(({ i, labelIds }) => labelIds.map(id => `${i} ${id}`));
    expect(new Set(touched).size).toBe(touched.length);
    for (const { labels } of planted)
      expect(new Set(labels.labels.map(({ id }) => id)).size).toBe(labels.labels.length);
  });

  it('depends on the seed alone', () => {
    expect(plantErrors(images, all)).toEqual(planted);
    expect(plantErrors(images, { ...all, seed: 2 })).not.toEqual(planted);
  });

  it('can leave most images as they are', () => {
    const few = plantErrors(images, { ...all, imageShare: 0.3 });
    expect(few.filter(image => image.errors.length > 0).length).toBeLessThanOrEqual(6);
    few.forEach(({ errors: found, labels }, i) => {
      if (found.length === 0) expect(labels.labels).toEqual(images[i].labels.labels);
    });
  });

  it('flips nothing where there is one class', () => {
    const single = images.map(image => ({
      ...image,
      labels: imageLabels(image.labels.labels.map(label => ({ ...label, category: 'cat' }))),
    }));
    const kinds = new Set(plantErrors(single, all).flatMap(image => image.errors.map(({ kind }) => kind)));
    expect(kinds.has('flip')).toBe(false);
  });
});
