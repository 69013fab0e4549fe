import { describe, expect, it } from 'vitest';
import { unfinishedNodes } from '../../../src/extension/explorer/groupNodes';
import { RunMemory } from '../../../src/extension/explorer/runMemory';
import type { DatasetOverview, DatasetRunState } from '../../../src/protocol/dataset';

describe('a run that did not come to its end', () => {
  it.each<[DatasetRunState, number]>([
    // Of a run that was killed the store says that it runs.
    ['running', 1],
    ['cancelled', 1],
    ['failed', 1],
    ['done', 0],
  ])('has a row from which it goes on: %s', (state, rows) => {
    const overview = { run: { state, images: 9 }, images: 4, failed: 1 } as DatasetOverview;
    const nodes = unfinishedNodes(overview);
    expect(nodes).toHaveLength(rows);
    expect(nodes.every(node => node.type === 'unfinished' && node.done === 5)).toBe(true);
    expect(unfinishedNodes({ ...overview, run: undefined })).toEqual([]);
  });

  it('is remembered beyond the window, of its own data set', async () => {
    const values = new Map<string, unknown>();
    const memento = {
      get: <T>(key: string) => values.get(key) as T,
      update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
    };
    const memory = new RunMemory(memento);
    expect(memory.isInterrupted('a.sqlite')).toBe(false);
    await memory.begin('a.sqlite');
    const next = new RunMemory(memento);
    expect([next.isInterrupted('a.sqlite'), next.isInterrupted('b.sqlite')]).toEqual([true, false]);
    await next.end();
    expect(next.isInterrupted('a.sqlite')).toBe(false);
  });
});
