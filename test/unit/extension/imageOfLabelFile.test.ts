import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imageOfLabelFile } from '../../../src/extension/imageOfLabelFile';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-lens-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function file(path: string): Promise<string> {
  const full = join(folder, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, '');
  return full;
}

describe('imageOfLabelFile', () => {
  it.each([
    ['Annotations/a.xml', 'JPEGImages/a.jpg'],
    ['Annotations/a.xml', 'JPEGImages/a.JPG'],
    ['annotations/a.xml', 'images/a.png'],
    ['labels/train/a.txt', 'images/train/a.webp'],
    ['labels/labels/a.txt', 'labels/images/a.png'],
    ['mixed/a.xml', 'mixed/a.tiff'],
  ])('finds the image of %s at %s', async (labels, image) => {
    const expected = await file(image);
    expect(imageOfLabelFile(await file(labels))).toBe(expected);
  });

  it('prefers the image beside the label file', async () => {
    const beside = await file('labels/a.png');
    await file('images/a.jpg');
    expect(imageOfLabelFile(await file('labels/a.txt'))).toBe(beside);
  });

  it.each(['Annotations/a.xml', 'labels/a.txt', 'annotations/instances.json', 'constructor/a.xml'])(
    'finds none for a lonely %s',
    async path => {
      expect(imageOfLabelFile(await file(path))).toBeUndefined();
    },
  );
});
