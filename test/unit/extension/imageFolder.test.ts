import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imagesBeside } from '../../../src/extension/imageFolder';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-lens-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the images beside an image', () => {
  it('come in the order of a file manager, without folders and other files', async () => {
    for (const name of ['b10.png', 'b2.JPG', 'a.jpeg', 'notes.txt', 'b2.xml']) await writeFile(join(folder, name), '');
    await mkdir(join(folder, 'folder.png'));
    const images = await imagesBeside(join(folder, 'b2.JPG'));
    expect(images.map(image => basename(image))).toEqual(['a.jpeg', 'b2.JPG', 'b10.png']);
  });

  it('hold the image itself, whatever its ending', async () => {
    await writeFile(join(folder, 'scan'), '');
    await writeFile(join(folder, 'a.png'), '');
    expect(await imagesBeside(join(folder, 'scan'))).toEqual([join(folder, 'a.png'), join(folder, 'scan')]);
  });
});
