/** The README in a package links to nothing that is not there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const { linkedFiles, packedBy, packedReadme } = (await import(
  pathToFileURL(join(root, 'scripts', 'package', 'packedReadme.mjs')).href
)) as {
  readonly linkedFiles: (text: string) => string[];
  readonly packedBy: (ignore: string) => (file: string) => boolean;
  readonly packedReadme: (text: string, isPacked: (file: string) => boolean) => string;
};

const text = `See [the paper](https://arxiv.org/abs/1708.02002), [limits](#limits), [the sample](examples/harbour/README.md#classes)
and [docs/label-issues.md](docs/label-issues.md).

![The lens](media/lens.webp)

More.
`;

describe('the README in a package', () => {
  it('keeps links to what is packed, the words of others, and no pictures', () => {
    expect(packedReadme(text, file => file === 'examples/harbour/README.md')).toBe(
      `See [the paper](https://arxiv.org/abs/1708.02002), [limits](#limits), [the sample](examples/harbour/README.md#classes)
and docs/label-issues.md.

More.
`,
    );
  });

  it('is checked by the files that it links to', () => {
    expect(linkedFiles(text)).toEqual(['examples/harbour/README.md', 'docs/label-issues.md', 'media/lens.webp']);
  });

  it('has no dead links as it is now', () => {
    const read = (name: string) => readFileSync(join(root, name), 'utf8');
    const isPacked = packedBy(read('.vscodeignore'));
    expect(isPacked('media/model-card.schema.json')).toBe(true);
    expect(isPacked('docs/label-issues.md')).toBe(false);
    const packed = packedReadme(read('README.md'), isPacked);
    expect(linkedFiles(packed).filter(file => !isPacked(file))).toEqual([]);
    expect(packed.length).toBeGreaterThan(0.8 * read('README.md').length);
  });
});
