import { describe, expect, test } from 'vitest';
import { generateAnchors } from '../../../src/model/anchors';
import { decodeAllBoxes, detect } from '../../../src/model/detections';
import { expectSameDetections } from '../parity/detectionComparison';
import { uniform } from '../parity/formulaCheckpoint';
import { defaultConfig } from '../helpers/defaultConfig';
import { type GoldenDetections, readGolden } from '../parity/golden';

/** Head outputs by formula and torchvision's detections of them. */
interface DenseCase {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly classes: number;
  readonly topkPerLevel: number;
  readonly detectionsPerImage: number;
  readonly grids: [number, number][];
  /** Height, width. */
  readonly padded: [number, number];
  readonly resized: [number, number];
  readonly original: [number, number];
  readonly detections: GoldenDetections;
}

const size = ([height, width]: readonly [number, number]) => ({ height, width });

/** One level of one square anchor of size 32 per cell. */
function oneLevel(width: number, height: number) {
  const grid = [height / 8, width / 8] as const;
  return generateAnchors(height, width, [grid], { anchorSizes: [[32]], aspectRatios: [[1]] });
}

describe('detect', () => {
  test.each(readGolden<DenseCase[]>('detections.json'))('finds what torchvision finds: $name', golden => {
    const anchors = generateAnchors(...golden.padded, golden.grids, defaultConfig(golden.classes));
    const logits = uniform(`dense logits/${golden.name}`, anchors.count * golden.classes, golden.low, golden.high);
    const deltas = uniform(`dense deltas/${golden.name}`, anchors.count * 4, -0.4, 0.4);
    for (let i = 0; i < deltas.length; i += 97 * 4) {
      deltas[i + 2] += 5;
      deltas[i + 3] += 5;
    }
    const { topkPerLevel, detectionsPerImage } = golden;
    const config = { ...defaultConfig(golden.classes), topkPerLevel, detectionsPerImage };
    const found = detect({ logits, deltas }, anchors, size(golden.resized), size(golden.original), config);
    expectSameDetections(found, golden.detections);
  });

  test('each detection is the decoded box of its anchor', () => {
    const anchors = oneLevel(64, 64);
    const logits = uniform('logits', anchors.count * 3, -6, 2);
    const deltas = uniform('deltas', anchors.count * 4, -0.5, 0.5);
    const resized = { width: 60, height: 50 };
    const original = { width: 90, height: 100 };
    const found = detect({ logits, deltas }, anchors, resized, original, defaultConfig(3));
    const all = decodeAllBoxes(deltas, anchors, resized, original);
    expect(found.count).toBeGreaterThan(5);
    for (let i = 0; i < found.count; i++) {
      const anchor = found.anchors[i];
      expect(found.boxes.subarray(i * 4, i * 4 + 4)).toEqual(all.subarray(anchor * 4, anchor * 4 + 4));
      const logit = logits[anchor * 3 + found.columns[i]];
      expect(found.scores[i]).toBe(Math.fround(1 / (1 + Math.exp(-logit))));
    }
  });

  test('suppresses overlapping boxes of one class, not of another', () => {
    const anchors = oneLevel(32, 8);
    // Anchors 0 and 1 overlap by 24 of 32 pixels, IoU 0.6.
    const logits = Float32Array.from([2, -9, 1, -9, -9, -9, -9, -9]);
    const deltas = new Float32Array(16);
    const image = { width: 100, height: 100 };
    const config = defaultConfig(2);
    const one = detect({ logits, deltas }, anchors, image, image, config);
    expect([...one.anchors]).toEqual([0]);
    logits[2] = -9;
    logits[3] = 1;
    const two = detect({ logits, deltas }, anchors, image, image, config);
    expect([...two.anchors]).toEqual([0, 1]);
    expect([...two.columns]).toEqual([0, 1]);
    const apart = detect({ logits, deltas }, anchors, image, image, { ...config, scoreThreshold: 0.8 });
    expect([...apart.anchors]).toEqual([0]);
  });

  test('keeps the order of anchors and columns among equal scores', () => {
    const anchors = oneLevel(640, 8);
    const logits = new Float32Array(anchors.count * 2).fill(1);
    const image = { width: 640, height: 8 };
    const config = { ...defaultConfig(2), nmsThreshold: 1 };
    const found = detect({ logits, deltas: new Float32Array(anchors.count * 4) }, anchors, image, image, config);
    expect([...found.anchors]).toEqual(Array.from({ length: anchors.count * 2 }, (_, i) => i >> 1));
    expect([...found.columns.subarray(0, 4)]).toEqual([0, 1, 0, 1]);
  });

  test('returns nothing when no score is above the threshold', () => {
    const anchors = oneLevel(64, 64);
    const logits = new Float32Array(anchors.count * 2).fill(-5);
    const image = { width: 64, height: 64 };
    const deltas = new Float32Array(anchors.count * 4);
    expect(detect({ logits, deltas }, anchors, image, image, defaultConfig(2)).count).toBe(0);
  });

  test('leaves its inputs as they are', () => {
    const anchors = oneLevel(64, 64);
    const logits = uniform('logits', anchors.count * 2, -3, 3);
    const deltas = uniform('deltas', anchors.count * 4, -1, 1);
    const before = [logits.slice(), deltas.slice(), anchors.boxes.slice()];
    const image = { width: 64, height: 64 };
    detect({ logits, deltas }, anchors, image, image, defaultConfig(2));
    decodeAllBoxes(deltas, anchors, image, image);
    expect([logits, deltas, anchors.boxes]).toEqual(before);
  });
});

describe('decodeAllBoxes', () => {
  test('clips to the image and scales to its original size', () => {
    const anchors = oneLevel(16, 8);
    const boxes = decodeAllBoxes(new Float32Array(8), anchors, { width: 10, height: 5 }, { width: 20, height: 20 });
    // Anchors -16..16 and -8..24 in x, clipped to 10 x 5, then twice as wide and four times as high.
    expect([...boxes]).toEqual([0, 0, 20, 20, 0, 0, 20, 20]);
  });

  test('fills the array it is given', () => {
    const anchors = oneLevel(16, 8);
    const target = new Float32Array(8);
    const image = { width: 16, height: 8 };
    expect(decodeAllBoxes(new Float32Array(8), anchors, image, image, target)).toBe(target);
    expect([...target.subarray(0, 4)]).toEqual([0, 0, 16, 8]);
  });
});
