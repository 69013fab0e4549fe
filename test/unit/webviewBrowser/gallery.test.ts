import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BrowserPages } from '../helpers/browserPages';
import { MadeUpGallery, writeGalleryPage } from '../helpers/galleryPage';
import { chromiumPath } from '../helpers/lensPage';

/** With time for a machine that has others at work. */
const poll = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 });

describe.skipIf(chromiumPath === undefined)('the gallery’s page', () => {
  const pages = new BrowserPages('src/webview/gallery/main.ts');
  let url: string;
  let page: Page;
  let host: MadeUpGallery;

  beforeAll(async () => {
    url = await pages.write(writeGalleryPage);
  });

  beforeEach(() => {
    host = new MadeUpGallery();
  });

  const open = async (width = 1000) => {
    page = await pages.open({ width, height: 800 });
    await page.exposeFunction('answer', host.answer.bind(host));
    await page.exposeFunction('cancelled', (method: string) => host.cancelled.push(method));
    await page.goto(url);
  };
  const opened = async (width?: number) => {
    await open(width);
    await page.locator('.tile[aria-label]').first().waitFor();
    // Keys work at once.
    await poll(() => page.evaluate('document.activeElement.className')).toContain('grid-scroller');
  };
  const focused = () => page.locator('.tile[aria-selected="true"]').getAttribute('data-index').then(Number);

  it('draws of a million tiles those in view, and gets to either end', async () => {
    await opened();
    const tiles = page.locator('.tile');
    expect(await tiles.count()).toBeLessThan(80);
    await page.keyboard.press('End');
    await poll(focused).toBe(999_999);
    await page.locator('.tile[data-index="999999"][aria-label]').waitFor();
    expect(await page.locator('.tile[data-index="999999"]').getAttribute('aria-label')).toContain('999999.png');
    const box = await page.locator('.tile[data-index="999999"]').boundingBox();
    const view = await page.locator('.grid-scroller').boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual((view?.y ?? 0) + (view?.height ?? 0) + 1);
    expect(await tiles.count()).toBeLessThan(80);
    // The scroll bar and the keys agree: from the middle on, the rows are those of the middle.
    await page.evaluate(`{ const s = document.querySelector('.grid-scroller'); s.scrollTop = s.scrollHeight / 2; }`);
    await poll(async () =>
      Number(await page.locator('.tile[aria-label]').first().getAttribute('data-index')),
    ).toBeGreaterThan(450_000);
    await page.locator('.grid-scroller').hover();
    const before = Number(await tiles.first().getAttribute('data-index'));
    await page.mouse.wheel(0, 400);
    // Two rows or so, however far the scroll bar is from being true to scale.
    await poll(async () => Number(await tiles.first().getAttribute('data-index'))).toBeGreaterThan(before);
    expect(Number(await tiles.first().getAttribute('data-index')) - before).toBeLessThan(40);
    await page.locator('.grid-scroller').focus();
    await page.keyboard.press('Home');
    await poll(focused).toBe(0);
  });

  it('asks for pictures of what is in view only, and cancels what has scrolled away', async () => {
    host.cropTime = 400;
    await opened();
    await poll(() => host.askedFor('crop').length).toBeGreaterThan(0);
    expect(host.mostCrops).toBeLessThanOrEqual(4);
    await page.keyboard.press('End');
    await poll(() => host.cancelled.filter(method => method === 'crop').length).toBeGreaterThan(0);
    await page.locator('.tile img').first().waitFor();
    const keys = host.askedFor('crop').map(params => Number((params as { key: string }).key.split(' ')[1]));
    expect(keys.filter(key => key > 10 && key < 999_000)).toEqual([]);
  });

  it('is driven by keys: fix, dismiss, mark, restore, undo, on to the next', async () => {
    await opened();
    await page.keyboard.press('f');
    await poll(focused).toBe(1);
    expect(host.askedFor('applyFix')).toEqual([{ revision: 1, key: 'issue 0', fix: 0 }]);
    await page.keyboard.press('2');
    await poll(focused).toBe(2);
    await page.keyboard.press('d');
    await poll(focused).toBe(3);
    await page.keyboard.press('m');
    await poll(focused).toBe(4);
    expect(host.askedFor('applyFix')).toHaveLength(2);
    expect(host.askedFor('dismiss')).toEqual([{ revision: 1, key: 'issue 2' }]);
    expect(host.askedFor('markFixed')).toEqual([{ revision: 1, key: 'issue 3' }]);
    await page.evaluate("announce('triageChanged', 1)");
    await poll(() => page.locator('.tile.fixed').count()).toBe(3);
    expect(await page.locator('.tile.dismissed').getAttribute('aria-label')).toContain('dismissed');
    // What is settled is passed over.
    await page.keyboard.press('p');
    expect(await focused()).toBe(4);
    await page.keyboard.press('ArrowLeft');
    await page.locator('.strip .state').waitFor();
    await page.keyboard.press('r');
    await poll(() => host.askedFor('restore')).toEqual([{ revision: 1, key: 'issue 3' }]);
    // One thing at a time: a key that comes while the last one is being done is not kept.
    await poll(async () => {
      await page.keyboard.press('u');
      return host.askedFor('undo').length;
    }).toBeGreaterThan(0);
    await page.keyboard.press('Enter');
    await page.keyboard.press('l');
    await poll(() => host.askedFor('goToLabel')).toEqual([{ revision: 1, key: 'issue 3' }]);
    expect(host.askedFor('openInLens')).toEqual([{ revision: 1, key: 'issue 3' }]);
    // Keys work from a button as well, except for those that press it.
    await page.locator('.strip vscode-button').last().focus();
    await page.keyboard.press('ArrowRight');
    await poll(focused).toBe(4);
    await page.keyboard.press('?');
    await page.locator('.key-sheet[open]').waitFor();
    expect(await page.locator('.key-sheet').innerText()).toContain('make the proposed fix');
    await page.keyboard.press('Escape');
  });

  it('confirms by key, and has what is confirmed fixed one after the other', async () => {
    await opened();
    await page.keyboard.press('c');
    await poll(focused).toBe(1);
    await page.keyboard.press('c');
    await poll(focused).toBe(2);
    expect(host.askedFor('confirm')).toEqual([0, 1].map(id => ({ revision: 1, key: `issue ${id}` })));
    await page.evaluate("announce('triageChanged', 1)");
    await poll(() => page.locator('.tile.confirmed .badge').count()).toBe(2);
    expect(await page.locator('.tile.confirmed').first().getAttribute('aria-label')).toContain('confirmed');
    // It is decided on, and an error still: passed over, and may be fixed.
    await page.keyboard.press('p');
    expect(await focused()).toBe(2);
    host.confirmed = 2;
    await page.locator('vscode-single-select.source').click();
    await page.locator('vscode-single-select.source').getByText('Confirmed label errors').last().click();
    await poll(() => page.locator('.tile').count()).toBe(2);
    await page.locator('.grid-scroller').focus();
    await page.locator('.strip .state', { hasText: 'confirmed' }).waitFor();
    await page.locator('.strip').getByText('Change class').first().waitFor();
    await page.keyboard.press('c');
    await page.keyboard.press('f');
    await poll(focused).toBe(1);
    expect(host.askedFor('applyFix')).toEqual([{ revision: 1, key: 'issue 0', fix: 0 }]);
    expect(host.askedFor('confirm')).toHaveLength(2);
  });

  it('shows texts of data sets as text', async () => {
    await opened();
    const strip = page.locator('.strip');
    await strip.getByText('Change class to <i>ship</i>').waitFor();
    expect(await strip.innerText()).toContain('<script>evidence</script> 0');
    expect(await page.locator('.caption').first().innerText()).toContain('<b>boat</b>');
    expect(await page.locator('b, i, .tile script').count()).toBe(0);
  });

  it('groups, and keeps its view when the tab comes back', async () => {
    await opened();
    await page.locator('vscode-single-select.group').click();
    await page.locator('vscode-single-select.group').getByText('By class').last().click();
    await page.locator('.grid-heading').first().waitFor();
    expect(await page.locator('.grid-heading h2').first().innerText()).toContain('<b>boat</b>');
    await page.locator('.grid-scroller').focus();
    await page.keyboard.press('ArrowDown');
    await poll(focused).not.toBe(0);
    const index = await focused();
    await page.keyboard.press('-');
    await page.keyboard.press('b');
    await page.locator('.size-small').waitFor();
    await page.reload();
    await page.locator('.grid-heading').first().waitFor();
    await page.locator('.tile[aria-label]').first().waitFor();
    expect(await focused()).toBe(index);
    expect(await page.locator('.size-small').count()).toBe(1);
    expect(await page.locator('.tile svg').count()).toBe(0);
  });

  it('keeps to the focused thing when the analysis is another, and says what goes wrong', async () => {
    await opened();
    await page.keyboard.press('ArrowRight');
    host.revision = 2;
    await page.evaluate("announce('stateChanged', 2)");
    await poll(() => host.askedFor('rows').at(-1)).toMatchObject({ revision: 2 });
    expect(await focused()).toBe(1);
    host.failing = 'labels.json: the disk is full; free some space';
    await page.keyboard.press('l');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain(host.failing);
    host.failing = undefined;
    await page.getByLabel('Close').last().click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });

  it('says what to do before anything has been analyzed, also in a narrow tab', async () => {
    host.state = { kind: 'empty', dataset: 'labels.json', trusted: true };
    await open(500);
    await page.getByText('Analyze dataset').click();
    await poll(() => host.askedFor('analyzeDataset')).toHaveLength(1);
    const ready = new MadeUpGallery(3);
    host.state = ready.state;
    host.revision = 2;
    await page.evaluate("announce('stateChanged', 2)");
    await page.locator('.tile[aria-label]').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(500);
    await page.locator('vscode-single-select.source').click();
    await page.locator('vscode-single-select.source').getByText('no anchor covers').last().click();
    await page.getByText('Every label has an anchor.').waitFor();
  });
});
