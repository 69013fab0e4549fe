import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pruneDisplayCache } from '../../../src/extension/displayCache';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-lens-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('pruneDisplayCache', () => {
  it('removes old files and leaves the rest', async () => {
    const now = Date.now();
    const days = (count: number) => new Date(now - count * 86_400_000);
    for (const [name, age] of [
      ['old.png', 15],
      ['new.png', 1],
    ] as const) {
      await writeFile(join(folder, name), '');
      await utimes(join(folder, name), days(age), days(age));
    }
    await mkdir(join(folder, 'folder'));
    await utimes(join(folder, 'folder'), days(20), days(20));
    await pruneDisplayCache(folder, 14, now);
    expect((await readdir(folder)).sort()).toEqual(['folder', 'new.png']);
  });

  it('has nothing to do where there is no cache yet', async () => {
    await expect(pruneDisplayCache(join(folder, 'none'), 14, Date.now())).resolves.toBeUndefined();
  });
});
