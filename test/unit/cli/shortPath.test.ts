import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shortPath } from '../../../src/cli/shortPath';

const base = resolve('/home/someone/project');

describe('shortPath', () => {
  it.each([
    ['data/labels.json', 'data/labels.json'],
    ['../other/a.xml', '../other/a.xml'],
  ])('shows %s relative to the working folder', (file, shown) => {
    expect(shortPath(resolve(base, file), base)).toBe(join(shown));
  });

  it('leaves what has only the root in common, and the folder itself', () => {
    expect(shortPath(resolve('/mnt/data/a.xml'), base)).toBe(resolve('/mnt/data/a.xml'));
    expect(shortPath(base, base)).toBe(base);
  });
});
