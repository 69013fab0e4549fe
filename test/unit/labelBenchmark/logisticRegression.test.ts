import { describe, expect, it } from 'vitest';
import { fitLogistic } from '../../../bench/labels/logisticRegression';
import { seededRandom } from '../helpers/random';

/** Rows of two features on very different scales, and classes drawn from known weights. */
function sample(weights: readonly (readonly number[])[], count: number): [number[][], number[]] {
  const random = seededRandom(7);
  const rows = Array.from({ length: count }, () => [random() * 4 - 2, 100 + random() * 40]);
  const classes = rows.map(row => {
    const terms = weights.map(([bias, ...rest]) =>
      Math.exp(rest.reduce((sum, weight, i) => sum + weight * row[i], bias)),
    );
    let left = random() * terms.reduce((sum, term) => sum + term, 0);
    return Math.max(
      0,
      terms.findIndex(term => (left -= term) < 0),
    );
  });
  return [rows, classes];
}

describe('fitLogistic', () => {
  const weights = [[0, 0, 0], [-6, 1.5, 0.05], [5, -1, -0.04]]; // prettier-ignore
  const [rows, classes] = sample(weights, 20_000);

  it('finds the weights the classes were drawn from', () => {
    const fitted = fitLogistic(rows, classes, 3, 1e-3);
    for (const a of [1, 2]) {
      const relative = fitted[a].map((weight, i) => weight - fitted[0][i]);
      expect(relative[1]).toBeCloseTo(weights[a][1], 0.8);
      expect(relative[2]).toBeCloseTo(weights[a][2], 2);
      expect(Math.abs(relative[0] - weights[a][0])).toBeLessThan(0.6);
    }
  });

  it('does not depend on the order of the rows', () => {
    const forwards = fitLogistic(rows.slice(0, 500), classes.slice(0, 500), 3, 1).flat();
    const backwards = fitLogistic(rows.slice(0, 500).reverse(), classes.slice(0, 500).reverse(), 3, 1).flat();
    forwards.forEach((weight, i) => expect(Math.abs(weight - backwards[i])).toBeLessThan(1e-6));
  });

  it('takes a row of importance 2 for two rows', () => {
    const [some, kinds] = [rows.slice(0, 300), classes.slice(0, 300)];
    const importance = some.map((_, i) => (i < 100 ? 2 : 1));
    const weighted = fitLogistic(some, kinds, 3, 0, importance);
    const doubled = fitLogistic([...some, ...some.slice(0, 100)], [...kinds, ...kinds.slice(0, 100)], 3, 0);
    for (const a of [1, 2]) {
      weighted[a].forEach((weight, i) => {
        expect(weight - weighted[0][i]).toBeCloseTo(doubled[a][i] - doubled[0][i], 4);
      });
    }
  });

  it('stays finite on separable classes and constant features', () => {
    const fitted = fitLogistic([[0, 1], [1, 1], [10, 1], [11, 1]], [0, 0, 1, 1], 2, 1).flat(); // prettier-ignore
    expect(fitted.every(Number.isFinite)).toBe(true);
  });
});
