import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { anchorRecord } from '../../../src/webview/lens/anchorRecord';
import { anchorsAt } from '../../../src/webview/lens/hitTest';
import { lensImage } from '../../../src/webview/lens/lensImage';
import { allLevels } from '../../../src/webview/lens/viewState';
import { anchorName } from '../../../src/webview/words/spokenAnchor';
import { BrowserPages, pictureBox, settled } from '../helpers/browserPages';
import { chromiumPath, writeReport } from '../helpers/lensPage';
import { cellSlide, slidePicture, syntheticAnalysis } from '../helpers/syntheticAnalysis';

const options = cellSlide();
const analysis = syntheticAnalysis(options);
const image = lensImage('slide', '', analysis);

describe.skipIf(chromiumPath === undefined)('the picture by keyboard and pointer', () => {
  const pages = new BrowserPages();
  let page: Page;

  async function open(): Promise<void> {
    const url = await pages.write((folder, bundle) => writeReport(folder, bundle, analysis, slidePicture(options)));
    page = await pages.open();
    await page.goto(url);
    await page.locator('.panel .breakdown').waitFor();
    await settled(page);
  }

  /** The anchors at a place of the page, strongest first. */
  async function at(x: number, y: number) {
    const { x: left, y: top, scale } = await pictureBox(page);
    return anchorsAt(image, image.columns.focal, allLevels, { x: (x - left) / scale, y: (y - top) / scale });
  }

  async function middle(): Promise<readonly [number, number]> {
    const box = await page.locator('.stage').boundingBox();
    return [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
  }

  const name = (anchor: number) => anchorName(anchorRecord(image, anchor));
  const tip = () => page.locator('.tip b').innerText();

  it('points, goes through the anchors, pins and compares without a pointer, and says so', async () => {
    await open();
    await page.locator('.stage').focus();
    await settled(page);
    const [first, second] = await at(...(await middle()));
    expect(await tip()).toBe(name(first.anchor));
    await page.keyboard.press(']');
    expect(await tip()).toBe(name(second.anchor));
    const said = () => page.locator('.announcer').innerText();
    await expect.poll(said).toMatch(/, (foreground|background|ignored)\. .* 2 of \d+ here by focal loss\.$/);
    await page.keyboard.press('Enter');
    await page.locator('.inspection').waitFor();
    expect(await page.locator('.inspection h2').innerText()).toContain(name(second.anchor));
    await expect.poll(said).toMatch(/^Inspected: /);
    // The picture moves under the crosshair, and the tooltip follows.
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
    await settled(page);
    const [third] = await at(...(await middle()));
    expect(await tip()).toBe(name(third.anchor));
    await page.keyboard.press('Shift+Enter');
    await page.locator('.comparison').waitFor();
    expect(await page.locator('.comparison thead').first().innerText()).toContain(name(third.anchor));
    await expect.poll(said).toMatch(/^Compared: /);
    for (let i = 0; i < 3; i++) await page.keyboard.press('Escape');
    await settled(page);
    expect(await page.locator('.inspection').count()).toBe(0);
    expect(await page.locator('.tip').isVisible()).toBe(false);
  });

  it('follows with its tooltip when the picture moves under a pointer at rest', async () => {
    await open();
    const [x, y] = await middle();
    await page.locator('.stage').focus();
    await page.mouse.move(x - 80, y - 60);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await settled(page);
    expect(await tip()).toBe(name((await at(x - 80, y - 60))[0].anchor));
    await page.keyboard.press('+');
    await settled(page);
    expect(await tip()).toBe(name((await at(x - 80, y - 60))[0].anchor));
  });

  it('zooms on a double click, and leaves what was pinned', async () => {
    await open();
    const [x, y] = await middle();
    const before = await pictureBox(page);
    await page.mouse.dblclick(x, y);
    await settled(page);
    expect((await pictureBox(page)).scale).toBeCloseTo(2 * before.scale, 3);
    expect(await page.locator('.inspection').count()).toBe(0);
    const [pinned] = await at(x + 150, y);
    await page.mouse.click(x + 150, y);
    await page.locator('.inspection').waitFor();
    await page.mouse.dblclick(x - 100, y);
    await settled(page);
    expect(await page.locator('.inspection h2').innerText()).toContain(name(pinned.anchor));
  });

  it('hears its keys from anywhere but a field, a menu or a dialog', async () => {
    await open();
    const [x, y] = await middle();
    await page.mouse.click(x, y);
    await page.locator('.inspection').waitFor();
    await page.mouse.move(2, 2);
    const { scale } = await pictureBox(page);
    await page.locator('.chip', { hasText: 'P4' }).locator('input').focus();
    const place = () => page.locator('.inspection header .dim').innerText();
    expect(await place()).toMatch(/^1 of/);
    await page.keyboard.press(']');
    await settled(page);
    expect(await place()).toMatch(/^2 of/);
    await page.keyboard.press('+');
    await settled(page);
    expect((await pictureBox(page)).scale).toBeCloseTo(1.5 * scale, 3);
    await page.keyboard.press('0');
    await settled(page);
    expect((await pictureBox(page)).scale).toBeCloseTo(scale, 3);
    const heat = () => page.evaluate(`document.querySelector('.heat').style.visibility`);
    await page.keyboard.down('H');
    await settled(page);
    expect(await heat()).toBe('hidden');
    await page.keyboard.up('H');
    await settled(page);
    expect(await heat()).toBe('visible');
    await page.locator('.legend .menu summary').click();
    await page.keyboard.press('Escape');
    await settled(page);
    expect(await page.locator('.inspection').count()).toBe(1);
    await page.locator('.chip', { hasText: 'P4' }).locator('input').focus();
    await page.keyboard.press('Escape');
    await settled(page);
    expect(await page.locator('.inspection').count()).toBe(0);
  });

  it('shows, pins and compares anchors without the heatmap as well', async () => {
    await open();
    await page.locator('.legend vscode-checkbox[label="Heatmap"]').click();
    const [x, y] = await middle();
    await page.mouse.move(x, y);
    expect(await tip()).toBe(name((await at(x, y))[0].anchor));
    await page.mouse.click(x, y);
    const row = page.locator('.neighbours [role="row"]').nth(2);
    const compared = await row.locator('span').first().innerText();
    await row.getByRole('button').click();
    await page.locator('.comparison').waitFor();
    expect(await page.locator('.comparison thead').first().innerText()).toContain(compared);
  });

  it('orders the anchors of a place by what the heatmap shows, and names it', async () => {
    await open();
    const [x, y] = await middle();
    const last = () => page.locator('.tip p').last().innerText();
    await page.mouse.move(x, y);
    expect(await last()).toMatch(/^most focal loss of/);
    await page.mouse.click(x, y);
    for (const [chip, words] of [
      ['Cross entropy', 'most cross entropy'],
      ['FL / CE', 'largest FL / CE'],
      ['p_t', 'lowest p_t'],
      ['Assignment', 'most focal loss'],
    ] as const) {
      await page.locator('.chip', { hasText: chip }).locator('input').check();
      await settled(page);
      expect(await page.locator('.neighbours').getAttribute('aria-label')).toBe(
        `Anchors at this place, ${words} first`,
      );
      await page.mouse.move(x + 1, y);
      await page.mouse.move(x, y);
      expect(await last()).toContain(`${words} of`);
    }
  });
});
