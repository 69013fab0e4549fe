import { describe, expect, test } from 'vitest';
import { topCandidates } from '../../../src/model/topCandidates';
import { seededRandom } from '../helpers/random';
import { fastest } from '../helpers/timing';

const sigmoid = (logit: number) => Math.fround(1 / (1 + Math.exp(-logit)));

/** The same by sorting everything. */
function reference(logits: Float32Array, threshold: number, limit: number) {
  const terms = Array.from(logits, (logit, term) => ({ term, score: sigmoid(logit) }));
  const kept = terms.filter(({ score }) => score > Math.fround(threshold));
  return kept.sort((a, b) => b.score - a.score || a.term - b.term).slice(0, limit);
}

describe('topCandidates', () => {
  test.each([
    ['few above the threshold', 5000, -9, -2.5, 1000],
    ['all above the threshold', 20_000, -2, 3, 1000],
    ['more than the buffer, small limit', 20_000, -2, 3, 7],
    ['saturated scores, nearly all equal', 30_000, 10, 40, 1000],
    ['limit above the number of terms', 500, -2, 2, 1000],
  ])('equals sorting everything: %s', (_, count, low, high, limit) => {
    const random = seededRandom(count);
    const logits = Float32Array.from({ length: count }, () => low + (high - low) * random());
    const found = topCandidates(logits, 0.05, limit);
    const expected = reference(logits, 0.05, limit);
    expect([...found.terms]).toEqual(expected.map(({ term }) => term));
    expect([...found.scores]).toEqual(expected.map(({ score }) => score));
  });

  test.each([
    ['ascending', (i: number) => i / 5000],
    ['descending', (i: number) => -i / 5000],
    ['equal', () => 0],
    ['two values', (i: number) => i % 2],
  ])('equals sorting everything on ordered input: %s', (_, logit) => {
    const logits = Float32Array.from({ length: 12_000 }, (_value, i) => logit(i));
    const expected = reference(logits, 0.05, 300);
    expect([...topCandidates(logits, 0.05, 300).terms]).toEqual(expected.map(({ term }) => term));
  });

  test('compares with the threshold strictly and in float32', () => {
    // sigmoid(0) is 0.5 exactly.
    expect(topCandidates(Float32Array.of(0, 1e-6), 0.5, 10).terms).toEqual(Int32Array.of(1));
    expect(topCandidates(Float32Array.of(-200, -1), 0, 10).terms).toEqual(Int32Array.of(1));
  });

  test('takes no term that is not a number', () => {
    expect(topCandidates(Float32Array.of(NaN, 1, NaN), 0.05, 10).terms).toEqual(Int32Array.of(1));
  });

  test('stays fast and small when every term of a large level is above the threshold', () => {
    const logits = new Float32Array(151_200 * 20);
    for (let i = 0; i < logits.length; i++) logits[i] = i / logits.length;
    // Half of it in practice; a sorting of all terms that calls back takes many times as long.
    const sorted = () => logits.slice().reverse().sort();
    expect(fastest(() => topCandidates(logits, 0.05, 1000), 3) / fastest(sorted, 3)).toBeLessThan(4);
    expect(topCandidates(logits, 0.05, 1000).terms).toHaveLength(1000);
  });
});
