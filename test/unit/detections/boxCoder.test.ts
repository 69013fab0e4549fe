import { describe, expect, test } from 'vitest';
import { decodeBox, encodeBox } from '../../../src/model/boxCoder';
import { seededRandom } from '../helpers/random';

function decoded(deltas: number[], anchor: number[]): number[] {
  const box = new Float32Array(4);
  decodeBox(Float32Array.from(deltas), Float32Array.from(anchor), 0, box, 0);
  return [...box];
}

function encoded(reference: number[], anchor: number[]): number[] {
  const deltas = new Float32Array(4);
  encodeBox(Float32Array.from(reference), 0, Float32Array.from(anchor), 0, deltas, 0);
  return [...deltas];
}

describe('box coder', () => {
  test('deltas of zero leave the anchor as it is', () => {
    expect(decoded([0, 0, 0, 0], [10, 20, 30, 60])).toEqual([10, 20, 30, 60]);
    expect(encoded([10, 20, 30, 60], [10, 20, 30, 60])).toEqual([0, 0, 0, 0]);
  });

  test('moves by sizes and scales by exponentials', () => {
    expect(decoded([0.5, -0.25, Math.log(2), 0], [10, 20, 30, 60])).toEqual([10, 10, 50, 50]);
    const deltas = encoded([10, 10, 50, 50], [10, 20, 30, 60]);
    expect(deltas.slice(0, 2)).toEqual([0.5, -0.25]);
    expect(deltas[2]).toBeCloseTo(Math.log(2), 7);
    expect(deltas[3]).toBe(0);
  });

  test('clamps dw and dh at log(1000 / 16): 62.5 times the anchor', () => {
    const [x1, , x2] = decoded([0, 0, 50, 0], [0, 0, 16, 16]);
    expect(x2 - x1).toBeCloseTo(1000, 2);
    const [, y1, , y2] = decoded([0, 0, 0, 1e6], [0, 0, 16, 16]);
    expect(y2 - y1).toBeCloseTo(1000, 2);
  });

  test('decoding gives back what was encoded', () => {
    const random = seededRandom(7);
    for (let i = 0; i < 500; i++) {
      const box = () => {
        const x = random() * 900 - 50;
        const y = random() * 900 - 50;
        return [x, y, x + 10 + random() * 500, y + 10 + random() * 500].map(Math.fround);
      };
      const reference = box();
      const anchor = box();
      decoded(encoded(reference, anchor), anchor).forEach((value, k) => {
        expect(Math.abs(value - reference[k])).toBeLessThan(0.01);
      });
    }
  });

  test('reads and writes at the positions it is given', () => {
    const anchors = Float32Array.from([0, 0, 1, 1, 10, 20, 30, 60]);
    const boxes = new Float32Array(12).fill(-1);
    decodeBox(new Float32Array(8), anchors, 1, boxes, 4);
    expect([...boxes]).toEqual([-1, -1, -1, -1, 10, 20, 30, 60, -1, -1, -1, -1]);
  });
});
