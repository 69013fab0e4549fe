import { describe, expect, it } from 'vitest';
import { crossEntropy, sigmoid } from '../../../src/analysis/focalLoss';
import { betweenZeroAndOne, fitTail, newTail } from '../../../src/analysis/lossTail';
import { seededRandom } from '../helpers/random';

const random = seededRandom(23);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const fill = (count: number, logit: (i: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => logit(i));

/** Families of logits, ordinary and contrived. */
const families: Readonly<Record<string, (columns: number) => number[]>> = {
  prior: n => fill(n, () => -4.6 + 0.7 * normal()),
  wide: n => fill(n, () => -5 + 2.5 * normal()),
  'very wide': n => fill(n, () => -6 + 5 * normal()),
  uncertain: n => fill(n, () => 3 * normal()),
  'two values': n => {
    const high = random() * 8 - 6;
    const low = high - random() * 8;
    const few = 1 + Math.floor(random() * 5);
    return fill(n, i => (i < few ? high : low));
  },
  'three values': n => {
    const high = random() * 8 - 6;
    const middle = high - random() * 4;
    const low = middle - random() * 4;
    return fill(n, i => (i < 2 ? high : i < 9 ? middle : low));
  },
  ladder: n => {
    const top = random() * 6 - 4;
    const step = random() * 0.5;
    return fill(n, i => top - step * i);
  },
  'heavy tails': n => fill(n, () => -5 + Math.max(-30, Math.min(15, normal() / Math.abs(normal())))),
  extreme: n => fill(n, () => 160 * random() - 120),
  equal: n => fill(n, () => -5),
};

function sum(logits: readonly number[], gamma: number): number {
  return logits.reduce((total, logit) => total + crossEntropy(logit, 0) * sigmoid(logit) ** gamma, 0);
}

/** Largest relative error over gamma 0 to 5 of worst column and tail against the sum over all columns. */
function error(logits: readonly number[]): number {
  const at = logits.indexOf(Math.max(...logits));
  const rest = logits.filter((_, i) => i !== at);
  const tail = newTail();
  fitTail(
    Float64Array.from([0, 1, 2, 3, 4, 5, 0.5], gamma => sum(rest, gamma)),
    tail,
  );
  expect(tail.weights.every(weight => weight >= 0)).toBe(true);
  expect(tail.nodes.every(node => node >= 0 && node <= 1)).toBe(true);
  let most = 0;
  for (let gamma = 0; gamma <= 5; gamma += 1 / 16) {
    const weighted = tail.weights.reduce((total, weight, i) => total + weight * tail.nodes[i] ** gamma, 0);
    const estimate = sum([logits[at]], gamma) + weighted * (1 + tail.correction * betweenZeroAndOne(gamma));
    most = Math.max(most, Math.abs(estimate / sum(logits, gamma) - 1));
  }
  return most;
}

describe('fitTail', () => {
  describe.each(Object.keys(families))('of %s logits', family => {
    it.each([2, 3, 4, 21, 91, 1203])('keeps the sum over %i columns within 0.3% at any gamma from 0 to 5', columns => {
      const repeats = columns > 500 ? 8 : 60;
      for (let i = 0; i < repeats; i++) expect(error(families[family](columns))).toBeLessThan(0.003);
    });
  });

  it('holds nothing where there are no further columns', () => {
    const tail = newTail();
    fitTail(new Float64Array(7), tail);
    expect([...tail.weights, ...tail.nodes, tail.correction]).toEqual(new Array(7).fill(0));
  });
});
