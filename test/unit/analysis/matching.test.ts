import { describe, expect, it } from 'vitest';
import { matchAnchors, type MatchOptions } from '../../../src/analysis/matching';
import { generateAnchors } from '../../../src/model/anchors';
import { seededRandom } from '../helpers/random';
import { golden } from './golden';

const { fround } = Math;
const standard: MatchOptions = { fgIou: 0.5, bgIou: 0.4, allowLowQualityMatches: true };

describe('matchAnchors against torchvision', () => {
  for (const { name, anchors, labels, iou, best, labelIou, results } of golden.matching) {
    for (const { matched, ...options } of results) {
      const { fgIou, bgIou, allowLowQualityMatches } = options;
      it(`${name}, ${fgIou} / ${bgIou}${allowLowQualityMatches ? ', low quality' : ''}`, () => {
        const result = matchAnchors(Float32Array.from(anchors), Float32Array.from(labels), options);
        expect(Array.from(result.matched)).toEqual(matched);
        expect(Array.from(result.iou)).toEqual(iou);
        expect(Array.from(result.labelIou)).toEqual(labelIou);
        // torch's arg-max over zeros is 0, where we say that no label overlaps.
        expect(Array.from(result.bestLabel)).toEqual(best.map((label, i) => (iou[i] > 0 ? label : -1)));
        expect(result.withoutOverlap).toEqual([]);
      });
    }
  }
});

/** The same, pair by pair. */
function naive(anchors: Float32Array, labels: Float32Array, options: MatchOptions): number[] {
  const area = (b: Float32Array) => fround(fround(b[2] - b[0]) * fround(b[3] - b[1]));
  const rows: number[][] = [];
  for (let l = 0; l < labels.length; l += 4) {
    const b = labels.subarray(l, l + 4);
    const row: number[] = [];
    for (let i = 0; i < anchors.length; i += 4) {
      const a = anchors.subarray(i, i + 4);
      const width = Math.max(0, fround(Math.min(b[2], a[2]) - Math.max(b[0], a[0])));
      const height = Math.max(0, fround(Math.min(b[3], a[3]) - Math.max(b[1], a[1])));
      const inter = fround(width * height);
      row.push(fround(inter / fround(fround(area(b) + area(a)) - inter)));
    }
    rows.push(row);
  }
  const kept = rows.map((row, label) => ({ row, label, best: Math.max(...row) })).filter(({ best }) => best > 0);
  return Array.from({ length: anchors.length / 4 }, (_, anchor) => {
    const values = kept.map(({ row }) => row[anchor]);
    const value = Math.max(0, ...values);
    const label = kept.length > 0 ? kept[values.indexOf(value)].label : -1;
    const lowQuality = options.allowLowQualityMatches && kept.some(({ row, best }) => row[anchor] === best);
    if (kept.length > 0 && (lowQuality || value >= fround(options.fgIou))) return label;
    return value < fround(options.bgIou) ? -1 : -2;
  });
}

function randomBoxes(random: () => number, count: number, extent: number, largest: number): Float32Array {
  const boxes = new Float32Array(count * 4);
  for (let at = 0; at < boxes.length; at += 4) {
    // Half of the coordinates on whole pixels, for ties.
    const round = random() < 0.5 ? Math.round : (x: number) => x;
    boxes[at] = round(random() * extent);
    boxes[at + 1] = round(random() * extent);
    boxes[at + 2] = boxes[at] + round(1 + random() * largest);
    boxes[at + 3] = boxes[at + 1] + round(1 + random() * largest);
  }
  return boxes;
}

describe('matchAnchors', () => {
  const grids = [[16, 24], [8, 12], [4, 6]] as const; // prettier-ignore
  const anchorSizes = [[32, 40, 50], [64, 80, 101], [128, 161, 203]]; // prettier-ignore
  const aspectRatios = anchorSizes.map(() => [0.5, 1, 2]);
  const { boxes: anchors } = generateAnchors(128, 192, grids, { anchorSizes, aspectRatios });

  it('equals the pair-by-pair definition on random labels', () => {
    const random = seededRandom(5);
    for (let round = 0; round < 20; round++) {
      const labels = randomBoxes(random, 1 + Math.floor(random() * 12), 230, 120);
      const options = { fgIou: 0.3 + random() * 0.5, bgIou: random() * 0.3, allowLowQualityMatches: random() < 0.7 };
      expect(Array.from(matchAnchors(anchors, labels, options).matched)).toEqual(naive(anchors, labels, options));
    }
  });

  it('equals it for anchors in no order', () => {
    const random = seededRandom(6);
    const scattered = randomBoxes(random, 1000, 400, 90);
    const labels = randomBoxes(random, 15, 400, 90);
    expect(Array.from(matchAnchors(scattered, labels, standard).matched)).toEqual(naive(scattered, labels, standard));
  });

  it('keeps a label no anchor overlaps from turning every anchor into foreground', () => {
    const labels = Float32Array.of(5000, 5000, 5050, 5050, 30, 30, 70, 70);
    const result = matchAnchors(anchors, labels, standard);
    const alone = matchAnchors(anchors, labels.subarray(4), standard);
    expect(result.withoutOverlap).toEqual([0]);
    expect(result.labelAnchor[0]).toBe(-1);
    expect(Array.from(result.matched)).toEqual(Array.from(alone.matched, label => (label < 0 ? label : label + 1)));
    expect(result.matched.filter(label => label >= 0).length).toBeGreaterThan(0);
  });

  it('gives every anchor to the background without labels', () => {
    const result = matchAnchors(anchors, new Float32Array(0), standard);
    expect(new Set(result.matched)).toEqual(new Set([-1]));
    expect(new Set(result.bestLabel)).toEqual(new Set([-1]));
    expect(new Set(result.iou)).toEqual(new Set([0]));
  });

  it('flags what the low-quality rule added, and nothing else', () => {
    const labels = randomBoxes(seededRandom(8), 9, 150, 40);
    const withRule = matchAnchors(anchors, labels, standard);
    const without = matchAnchors(anchors, labels, { ...standard, allowLowQualityMatches: false });
    const added = Array.from(withRule.matched, (label, i) => (label >= 0 && without.matched[i] < 0 ? 1 : 0));
    expect(Array.from(withRule.byLowQuality)).toEqual(added);
    expect(added).toContain(1);
    expect(new Set(without.byLowQuality)).toEqual(new Set([0]));
  });

  it('gives the same labels in any order', () => {
    const labels = randomBoxes(seededRandom(9), 8, 180, 70).map((value, i) => value + i / 64);
    const order = [3, 7, 0, 5, 1, 6, 2, 4];
    const shuffled = Float32Array.from(order.flatMap(label => Array.from(labels.subarray(label * 4, label * 4 + 4))));
    const result = matchAnchors(anchors, labels, standard);
    const other = matchAnchors(anchors, shuffled, standard);
    expect(Array.from(other.iou)).toEqual(Array.from(result.iou));
    expect(Array.from(other.matched, label => (label < 0 ? label : order[label]))).toEqual(Array.from(result.matched));
    expect(Array.from(other.labelIou)).toEqual(order.map(label => result.labelIou[label]));
  });

  it('finds a lower best IoU for a box moved away from all anchors', () => {
    let previous = Infinity;
    for (const shift of [0, 40, 60, 75, 90]) {
      // The grid ends at x = 184; beyond it only anchors' halves reach.
      const { labelIou } = matchAnchors(anchors, Float32Array.of(176 + shift, 48, 216 + shift, 88), standard);
      expect(labelIou[0]).toBeLessThan(previous);
      previous = labelIou[0];
    }
  });

  it('survives boxes whose areas overflow or vanish in float32', () => {
    const labels = Float32Array.of(-3e38, -3e38, 3e38, 3e38, 10, 10, 10 + 2 ** -20, 10 + 2 ** -20);
    const result = matchAnchors(anchors, labels, standard);
    expect(result.iou.every(value => value >= 0 && value <= 1)).toBe(true);
    expect(result.withoutOverlap).toEqual([0]);
  });
});
