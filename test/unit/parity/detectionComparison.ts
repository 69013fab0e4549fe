import { expect } from 'vitest';
import type { Detections } from '../../../src/model/types';
import type { GoldenDetections } from './golden';

interface Found {
  readonly box: readonly number[];
  readonly column: number;
  readonly score: number;
}

/**
 * Expects the same set of detections: each of the reference's has a partner of its own with the same column, a score
 * within 1e-4 and a box within 0.05 pixels. Order is not compared: equal scores may swap.
 */
export function expectSameDetections(detections: Detections, golden: GoldenDetections): void {
  expect(detections.count).toBe(golden.scores.length);
  const left = new Set(
    Array.from({ length: detections.count }, (_, i): Found => {
      const box = [...detections.boxes.subarray(i * 4, i * 4 + 4)];
      return { box, column: detections.columns[i], score: detections.scores[i] };
    }),
  );
  golden.boxes.forEach((box, i) => {
    const wanted = { box, column: golden.columns[i], score: golden.scores[i] };
    const partner = [...left].find(found => agrees(found, wanted));
    expect(partner, `a detection like ${JSON.stringify(wanted)}`).toBeDefined();
    if (partner) left.delete(partner);
  });
  const scores = [...detections.scores];
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
}

function agrees(a: Found, b: Found): boolean {
  return (
    a.column === b.column &&
    Math.abs(a.score - b.score) <= 1e-4 &&
    a.box.every((value, i) => Math.abs(value - b.box[i]) <= 0.05)
  );
}
