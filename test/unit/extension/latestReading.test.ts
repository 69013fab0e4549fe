import { describe, expect, it } from 'vitest';
import { LatestReading } from '../../../src/extension/latestReading';

describe('of two readings', () => {
  it('the one that began last tells, in whichever order they end', async () => {
    const readings = new LatestReading();
    const shown: string[] = [];
    const answers = new Map<string, () => void>();
    const begin = (name: string) =>
      readings.begin(async isLatest => {
        await new Promise<void>(resolve => answers.set(name, resolve));
        if (isLatest()) shown.push(name);
      });
    const first = begin('first');
    const second = begin('second');
    let firstEnded = false;
    const following = first.then(() => (firstEnded = true));
    answers.get('first')?.();
    await new Promise(resolve => setTimeout(resolve, 5));
    // Who asked first waits for what is shown.
    expect([shown, firstEnded]).toEqual([[], false]);
    answers.get('second')?.();
    await Promise.all([following, second]);
    expect(shown).toEqual(['second']);
  });
});
