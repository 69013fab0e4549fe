import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { collectErrors, launchChromium, webviewBundle, type WebviewBundle } from './lensPage';

/** What the tests of a page share: a browser, a folder and the page's bundle; each test's pages must meet no error. */
export class BrowserPages {
  private browser: Browser | undefined;
  private opened: { readonly page: Page; readonly errors: string[] }[] = [];
  private prepared: { readonly folder: string; readonly bundle: WebviewBundle } | undefined;

  /**
   * To be made where tests are described: what comes before and after them is registered.
   * @param entry of the bundle, the lens's unless another is named
   */
  constructor(entry?: string) {
    beforeAll(async () => {
      const folder = await mkdtemp(join(tmpdir(), 'focal-lens-page-'));
      const [browser, bundle] = await Promise.all([launchChromium(), webviewBundle(entry)]);
      this.browser = browser;
      this.prepared = { folder, bundle };
    }, 120_000);
    afterEach(async () => {
      const opened = this.opened;
      this.opened = [];
      for (const { page } of opened) await page.close();
      expect(opened.flatMap(({ errors }) => errors)).toEqual([]);
    });
    afterAll(async () => {
      await this.browser?.close();
      if (this.prepared !== undefined) await rm(this.prepared.folder, { recursive: true, force: true });
    });
  }

  /** Writes a page with the bundle into the folder, and tells its address. */
  write(write: (folder: string, bundle: WebviewBundle) => Promise<string>): Promise<string> {
    if (this.prepared === undefined) throw new Error('A page is written in a test, or before all of them');
    return write(this.prepared.folder, this.prepared.bundle);
  }

  /** An empty page, closed after the test. */
  async open({ width = 1400, height = 900 } = {}): Promise<Page> {
    if (this.browser === undefined) throw new Error('A page is opened in a test');
    const page = await this.browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
    const errors = collectErrors(page);
    page.on('dialog', dialog => {
      errors.push(`A dialog opened: ${dialog.message()}`);
      void dialog.dismiss();
    });
    this.opened.push({ page, errors });
    return page;
  }
}

/** Two animation frames: what was asked for is drawn. */
export function settled(page: Page): Promise<unknown> {
  return page.evaluate('new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))');
}

/** Where the picture is, in the page's pixels, and how many of them one of its own takes. */
export async function pictureBox(
  page: Page,
): Promise<{ x: number; y: number; width: number; height: number; scale: number }> {
  const box = await page.locator('.picture').boundingBox();
  if (box === null) throw new Error('There is no picture');
  return { ...box, scale: box.width / 640 };
}
