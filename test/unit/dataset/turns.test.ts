import { describe, expect, it } from 'vitest';
import { inTurns, sortInTurns, stepsPerTurn } from '../../../src/dataset/turns';
import { Random } from './support';

describe('turns', () => {
  it.each([0, 1, stepsPerTurn, stepsPerTurn + 1, 3 * stepsPerTurn + 7])(
    'sort %i texts as sorting does',
    async count => {
      const random = new Random(count);
      const texts = Array.from(
        { length: count },
        () => `${random.pick(['a', 'é', '猫', '😀'])}${random.integer(5000)}`,
      );
      const before = [...texts];
      expect(await sortInTurns(texts)).toEqual([...texts].sort());
      expect(texts).toEqual(before);
    },
  );

  it('visit every index once, with turns for others between', async () => {
    let others = 0;
    const timer = setInterval(() => others++, 0);
    const seen: number[] = [];
    await inTurns(200 * stepsPerTurn, index => {
      if (index % stepsPerTurn < 2) seen.push(index);
    });
    clearInterval(timer);
    expect(seen).toHaveLength(400);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(others).toBeGreaterThan(0);
  });
});
