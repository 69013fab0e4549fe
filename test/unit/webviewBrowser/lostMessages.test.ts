import { beforeAll, describe, expect, it } from 'vitest';
import type { DatasetClassMapping } from '../../../src/protocol/classMapping';
import { BrowserPages } from '../helpers/browserPages';
import { writeGalleryPage } from '../helpers/galleryPage';
import { chromiumPath, writeHostedPage } from '../helpers/lensPage';

const mapping: DatasetClassMapping = {
  ...{ dataset: 'labels.json', format: 'coco', checkpoint: 'model.pth', card: 'model.json', hasCard: false },
  ...{ classesNamed: true, columns: [], categories: [], counted: { images: 0, of: 0 }, notes: [] },
};

const empty = { kind: 'empty', dataset: 'labels.json', trusted: true };

/** Pages whose first question gets lost while they open: each asks again. */
describe.skipIf(chromiumPath === undefined).each([
  {
    name: 'overview',
    method: 'getState',
    write: writeHostedPage,
    answer: { dataset: undefined, overview: undefined, issues: 0, filter: {}, progress: undefined },
    shown: 'Nothing analyzed yet',
  },
  { name: 'mapping', method: 'getMapping', write: writeHostedPage, answer: mapping, shown: 'labels.json' },
  {
    name: 'gallery',
    method: 'getState',
    write: writeGalleryPage,
    answer: { revision: 1, state: empty },
    shown: 'Nothing to show yet',
  },
])('the page of the $name', ({ name, method, write, answer, shown }) => {
  const pages = new BrowserPages(`src/webview/${name}/main.ts`);
  let url: string;

  beforeAll(async () => {
    url = await pages.write(write);
  });

  it('asks again where no answer comes', async () => {
    const page = await pages.open();
    let asked = 0;
    await page.clock.install();
    await page.exposeFunction('answer', (wanted: string) => {
      if (wanted !== method) return { result: null };
      return asked++ === 0 ? new Promise(() => undefined) : { result: answer };
    });
    await page.exposeFunction('cancelled', () => undefined);
    await page.goto(url);
    await expect.poll(() => asked).toBe(1);
    await page.clock.runFor(10_000);
    await page.getByText(shown).first().waitFor();
    expect(asked).toBe(2);
  });
});
