import { describe, expect, it } from 'vitest';
import { FixedIssues } from '../../../src/extension/explorer/fixedIssues';
import { issue } from './labelFiles/support';

/** What a workspace keeps: JSON. */
class Memory {
  text = '{}';

  get<T>(key: string): T | undefined {
    return (JSON.parse(this.text) as Record<string, T>)[key];
  }

  update(key: string, value: unknown): Promise<void> {
    this.text = JSON.stringify({ ...(JSON.parse(this.text) as object), [key]: value });
    return Promise.resolve();
  }
}

const store = '/data/.focal-lens/dataset.sqlite';

describe('suspicions marked as fixed', () => {
  it('are kept by store and image, over a reload of the window', async () => {
    const memory = new Memory();
    const fixed = new FixedIssues(memory);
    await fixed.add(store, 'images/a.jpg', issue({ bbox: [1.04, 2, 3, 4] }), 'analysis 1');
    await fixed.add(store, 'images/a.jpg', issue({ kind: 'duplicate' }), 'analysis 1');
    await fixed.add(store, 'images/b.jpg', issue({ kind: 'missing', category: null }), 'analysis 2');
    for (const read of [fixed, new FixedIssues(memory)]) {
      expect([...read.of(store).keys()]).toEqual(['images/a.jpg', 'images/b.jpg']);
      expect(
        read
          .of(store)
          .get('images/a.jpg')
          ?.map(({ kind }) => kind),
      ).toEqual(['wrongClass', 'duplicate']);
      expect(read.of(store).get('images/a.jpg')?.[0]).toMatchObject({ bbox: [1, 2, 3, 4], analysis: 'analysis 1' });
      expect(read.of(store).get('images/b.jpg')?.[0]?.category).toBe('dog');
      expect(read.of('/elsewhere.sqlite').size).toBe(0);
    }
  });

  it('are forgotten when they do not hold any more', async () => {
    const memory = new Memory();
    const fixed = new FixedIssues(memory);
    await fixed.add(store, 'a.jpg', issue(), 'old');
    await fixed.add(store, 'b.jpg', issue(), 'new');
    await fixed.keep(store, ({ analysis }) => analysis === 'new');
    expect([...fixed.of(store).keys()]).toEqual(['b.jpg']);
    await fixed.keep(store, () => false);
    expect(fixed.of(store).size).toBe(0);
    expect(JSON.parse(memory.text)).toEqual({ fixedIssues: {} });
  });

  it('are bounded: the oldest are listed again', async () => {
    const memory = new Memory();
    const { kind, bbox } = issue();
    const entry = { image: 'a.jpg', kind, category: 'cat', bbox, analysis: 'x' };
    await memory.update('fixedIssues', { [store]: Array.from({ length: 10_000 }, () => entry) });
    const fixed = new FixedIssues(memory);
    await fixed.add(store, 'b.jpg', issue(), 'x');
    expect(fixed.of(store).get('a.jpg')).toHaveLength(9_999);
    expect(fixed.of(store).get('b.jpg')).toHaveLength(1);
  });

  it.each([
    ['nothing', null],
    ['a list', []],
    ['no list of entries', { [store]: 'x' }],
    ['entries of other kinds', { [store]: [null, 3, { image: 'a' }, { ...issue(), image: 'a', kind: 'constructor' }] }],
  ])('count for nothing where a former version kept %s', async (_, value) => {
    const memory = new Memory();
    await memory.update('fixedIssues', value);
    const fixed = new FixedIssues(memory);
    expect(fixed.of(store).size).toBe(0);
    await fixed.add(store, 'a.jpg', issue(), 'x');
    expect(new FixedIssues(memory).of(store).get('a.jpg')).toHaveLength(1);
  });
});
