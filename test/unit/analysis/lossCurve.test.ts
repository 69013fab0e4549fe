import { describe, expect, it } from 'vitest';
import { lossCurves } from '../../../src/protocol/lossCurve';
import type { LossCurve } from '../../../src/protocol/analysis';
import { seededRandom } from '../helpers/random';

/** Losses over many orders of magnitude, every eighth anchor foreground, some ignored. */
function sample(count: number, seed: number) {
  const random = seededRandom(seed);
  const focal = Float32Array.from({ length: count }, () => 10 ** (random() * 12 - 9));
  const state = Int8Array.from({ length: count }, (_, i) => (i % 8 === 0 ? 1 : i % 8 === 1 ? -2 : 0));
  return { focal, state };
}

/** Share of the loss that the easiest `share` of the sorted losses carry, exactly. */
function exactCurve(losses: Float32Array): (share: number) => number {
  const sums = [0];
  for (const loss of losses.slice().sort()) sums.push(sums[sums.length - 1] + loss);
  return share => {
    const at = share * losses.length;
    const below = Math.min(losses.length - 1, Math.floor(at + 1e-9));
    const part = sums[below] + (at - below) * (sums[below + 1] - sums[below]);
    return part / sums[losses.length];
  };
}

function at({ anchors, loss }: LossCurve, share: number): number {
  const next = Math.max(
    1,
    anchors.findIndex(x => x >= share),
  );
  const t = (share - anchors[next - 1]) / (anchors[next] - anchors[next - 1]);
  return loss[next - 1] + t * (loss[next] - loss[next - 1]);
}

describe('lossCurves', () => {
  for (const count of [40, 900, 60_000]) {
    it(`has its points on the curve and stays near it in between, ${count} anchors`, () => {
      const { focal, state } = sample(count, count);
      const curves = lossCurves([{ gamma: 2, focal }], state);
      for (const [curve, wanted] of [
        [curves.background[0], 0],
        [curves.foreground[0], 1],
      ] as const) {
        const exact = exactCurve(focal.filter((_, i) => state[i] === wanted));
        expect(curve.anchors.length).toBeLessThanOrEqual(256);
        expect([curve.anchors[0], curve.loss[0], curve.anchors.at(-1), curve.loss.at(-1)]).toEqual([0, 0, 1, 1]);
        curve.anchors.forEach((share, i) => {
          expect(curve.loss[i]).toBeCloseTo(exact(share), 9);
          if (i > 0) {
            expect(share).toBeGreaterThan(curve.anchors[i - 1]);
            expect(curve.loss[i]).toBeGreaterThanOrEqual(curve.loss[i - 1]);
          }
        });
        for (let share = 0; share <= 1; share += 1 / 997) {
          expect(Math.abs(at(curve, share) - exact(share))).toBeLessThan(1 / 84);
        }
      }
    });
  }

  it('resolves the hardest anchors, where the curve bends', () => {
    const { focal, state } = sample(60_000, 1);
    const [{ anchors }] = lossCurves([{ gamma: 2, focal }], state).background;
    expect(anchors.filter(share => share > 0.999 && share < 1).length).toBeGreaterThan(10);
  });

  it('does not depend on the order of the anchors or on the scale of the losses', () => {
    const { focal, state } = sample(5000, 2);
    const curves = lossCurves([{ gamma: 2, focal }], state);
    const reversed = lossCurves([{ gamma: 2, focal: focal.toReversed() }], state.toReversed());
    expect(reversed.background[0].anchors).toEqual(curves.background[0].anchors);
    const scaled = lossCurves([{ gamma: 2, focal: focal.map(loss => loss * 4) }], state);
    expect(scaled).toEqual(curves);
  });

  it('is a straight line for equal losses', () => {
    const [{ anchors, loss }] = lossCurves(
      [{ gamma: 1, focal: new Float32Array(50).fill(3) }],
      new Int8Array(50),
    ).background;
    expect([anchors, loss]).toEqual([[0, 1], [0, 1]]); // prettier-ignore
  });

  it('leaves out what has no anchors or no loss', () => {
    const focal = new Float32Array(4);
    expect(lossCurves([{ gamma: 2, focal }], new Int8Array(4))).toEqual({ foreground: [], background: [] });
    expect(lossCurves([], new Int8Array(4))).toEqual({ foreground: [], background: [] });
  });
});
