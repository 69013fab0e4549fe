import { describe, expect, it } from 'vitest';
import { pictureContext, type PictureContext } from '../../../../src/analysis/issues/pictureContext';
import type { SeenObjects } from '../../../../src/analysis/issues/seenObjects';

/** An object of the picture: how surely it is seen, and what is with its label. */
type Seen = readonly [probability: number, label: 'labelled' | 'missing' | 'neither'];

const box = [10, 10, 30, 30];

/** Objects by descending probability, all at one place; labels lie where their objects are, or moved right by `shift`. */
function contextOf(seen: readonly Seen[], shift = 0): PictureContext {
  const sorted = [...seen].sort((a, b) => b[0] - a[0]);
  const count = sorted.length;
  const zeros = { columns: new Int32Array(count), anchors: new Int32Array(count), votes: new Int32Array(count) };
  const objects: SeenObjects = {
    ...zeros,
    count,
    boxes: Float64Array.from(sorted.flatMap(() => box)),
    probabilities: Float64Array.from(sorted, ([probability]) => probability),
    weights: new Float64Array(count),
    agreement: new Float64Array(count),
    objectOf: new Int32Array(0),
  };
  const labelled = sorted.flatMap(([, label], object) => (label === 'labelled' ? [object] : []));
  const labelOf = Int32Array.from(sorted, (_, object) => labelled.indexOf(object));
  const missing = sorted.flatMap(([, label], object) => (label === 'missing' ? [{ object }] : []));
  const labelBoxes = Float64Array.from(
    labelled.flatMap(() => box.map((value, i) => (i % 2 === 0 ? value + shift : value))),
  );
  return pictureContext(labelBoxes, objects, { objectOf: Int32Array.from(labelled), labelOf }, missing);
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe('the share of labelled objects', () => {
  it('is the model’s own probability where nothing is seen as surely, and more cautious where nothing is labelled', () => {
    const unlabelled = contextOf([[0.9, 'missing'], [0.88, 'missing']]); // prettier-ignore
    expect(sigmoid(2 * unlabelled.labelledShares[0])).toBeCloseTo(0.9, 6);
    expect([...unlabelled.peers]).toEqual([0, 0]);
    const apart = contextOf([[0.95, 'labelled'], [0.2, 'missing']]); // prettier-ignore
    expect(sigmoid(apart.labelledShares[1])).toBeCloseTo(0.2, 6);
  });

  it('counts objects seen equally surely as one each, beside the probability as one more', () => {
    const { labelledShares, peers, labelledPeers } = contextOf([
      [0.5, 'labelled'],
      [0.5, 'labelled'],
      [0.5, 'labelled'],
      [0.5, 'missing'],
    ]);
    expect(sigmoid(labelledShares[3])).toBeCloseTo((3 + 0.5) / 4, 6);
    expect(sigmoid(labelledShares[0])).toBeCloseTo((2 + 0.5) / 4, 6);
    expect([peers[3], labelledPeers[3], labelledPeers[0]]).toEqual([3, 3, 2]);
  });

  it('raises an unsure object among labelled ones, and lowers a sure one among unlabelled ones', () => {
    const others = (label: Seen[1], probability: number): Seen[] =>
      Array.from({ length: 10 }, () => [probability, label]);
    const unsure = contextOf([...others('labelled', 0.55), [0.5, 'missing']]);
    expect(sigmoid(unsure.labelledShares[10])).toBeGreaterThan(0.9);
    const sure = contextOf([[0.9, 'missing'], ...others('missing', 0.89), [0.3, 'labelled']]);
    expect(sigmoid(sure.labelledShares[0])).toBeLessThan(0.2);
  });

  it('leaves out objects that share a label or lie in a crowd', () => {
    const alone = contextOf([[0.6, 'labelled'], [0.5, 'missing']]); // prettier-ignore
    const { labelledShares, peers } = contextOf([[0.6, 'labelled'], [0.55, 'neither'], [0.5, 'missing']]); // prettier-ignore
    expect(labelledShares[2]).toBeCloseTo(alone.labelledShares[1], 9);
    expect(peers[2]).toBe(1);
  });

  it('stays finite and bounded at the ends', () => {
    const { labelledShares } = contextOf([[1, 'labelled'], [1, 'labelled'], [1, 'missing'], [0, 'missing'], [0, 'missing']]); // prettier-ignore
    expect(labelledShares.every(share => Math.abs(share) <= 3)).toBe(true);
  });
});

describe('the usual misfit', () => {
  it('rises where labels lie beside their objects, and is drawn to that of other data by few labels', () => {
    const seen = (count: number): Seen[] => Array.from({ length: count }, () => [0.8, 'labelled']);
    const [tight, loose] = [contextOf(seen(20)).usualMiss, contextOf(seen(20), 5).usualMiss];
    expect(loose).toBeGreaterThan(tight + 1);
    const one = contextOf(seen(1)).usualMiss;
    const none = contextOf([]).usualMiss;
    expect(one).toBeLessThan(none);
    expect(one).toBeGreaterThan(tight);
  });
});
