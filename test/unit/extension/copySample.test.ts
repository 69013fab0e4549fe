import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copySample, existingSample } from '../../../src/extension/copySample';

let folder: string;
let source: string;
let parent: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-lens-sample-'));
  source = join(folder, 'source');
  parent = join(folder, 'parent');
  await mkdir(parent);
  for (const file of ['images/a.jpg', 'labels.json', 'model.safetensors', 'model.json', 'README.md', 'planted.json']) {
    await mkdir(join(source, 'images'), { recursive: true });
    await writeFile(join(source, file), file);
  }
  await mkdir(join(source, '.vscode'));
  await writeFile(join(source, '.vscode', 'settings.json'), '{}');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('copySample', () => {
  it('copies everything but the truth about the planted errors', async () => {
    const target = await copySample(source, parent);
    expect((await readdir(target)).sort()).toEqual(
      ['.vscode', 'README.md', 'images', 'labels.json', 'model.json', 'model.safetensors'].sort(),
    );
    expect(await readFile(join(target, 'images', 'a.jpg'), 'utf8')).toBe('images/a.jpg');
  });

  it('leaves what is there alone', async () => {
    const first = await copySample(source, parent);
    await writeFile(join(first, 'labels.json'), 'corrected');
    const second = await copySample(source, parent);
    expect(second).not.toBe(first);
    expect(await readFile(join(first, 'labels.json'), 'utf8')).toBe('corrected');
  });

  it('leaves nothing behind when it fails', async () => {
    await rm(join(source, 'model.json'));
    await expect(copySample(source, parent)).rejects.toThrow('model.json');
    expect(await readdir(parent)).toEqual([]);
  });
});

describe('existingSample', () => {
  it('is the copy in the folder, if any', async () => {
    expect(await existingSample(parent)).toBeUndefined();
    const target = await copySample(source, parent);
    expect(await existingSample(parent)).toBe(target);
  });
});
