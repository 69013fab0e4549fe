/** `npm start -- IMAGE ...` names its report after the image, wherever that stands. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

const file = join(import.meta.dirname, '..', '..', '..', 'scripts', 'sample', 'reportName.mjs');
const { reportNameOf } = (await import(pathToFileURL(file).href)) as {
  readonly reportNameOf: (args: readonly string[]) => string | undefined;
};

it.each([
  ['a/quay.jpg --model w.pth', 'quay.html'],
  ['--model w.pth a/quay.jpg', 'quay.html'],
  ['-m w.pth quay.jpg', 'quay.html'],
  ['--model=w.pth --labels l.json b.c.png --runtime cpu', 'b.c.html'],
  ['quay.jpg --model w.pth --report r.html', undefined],
  ['quay.jpg --model w.pth --json', undefined],
  ['--model w.pth', undefined],
])('%s: %s', (args, expected) => {
  expect(reportNameOf(args.split(' '))).toBe(expected);
});
