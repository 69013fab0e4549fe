import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { breakdownSentence } from '../../../src/protocol/breakdownSentence';
import { labelName } from '../../../src/webview/words/anchorSentence';
import { BrowserPages, settled } from '../helpers/browserPages';
import { chromiumPath, writeReport } from '../helpers/lensPage';
import { cellSlide, slidePicture, syntheticAnalysis } from '../helpers/syntheticAnalysis';

const options = cellSlide();
const analysis = syntheticAnalysis(options);

describe.skipIf(chromiumPath === undefined)('the layout of the panel', () => {
  const pages = new BrowserPages();
  let url: string;
  let page: Page;

  beforeAll(async () => {
    url = await pages.write((folder, bundle) => writeReport(folder, bundle, analysis, slidePicture(options), 'layout'));
  });

  beforeEach(async () => {
    page = await pages.open();
    await page.goto(url);
    await page.locator('.panel .breakdown').waitFor();
    await settle();
  }, 60_000);

  const settle = () => settled(page);
  const section = (name: string) => page.locator(`[data-section="${name}"]`);
  const divider = () => page.getByRole('separator', { name: 'Size of the panel' });
  const jump = (name: string) => page.locator('.section-nav').getByRole('button', { name, exact: true });
  const panelSize = async () => {
    const box = await page.locator('.panel').boundingBox();
    return { width: box?.width ?? 0, height: box?.height ?? 0 };
  };
  const focused = () => page.evaluate<string>(`document.activeElement.innerText.trim()`);

  it('is resized by dragging and by keys, beside and below the picture, and reset', async () => {
    const { width } = await panelSize();
    const place = await divider().boundingBox();
    const x = (place?.x ?? 0) + 4;
    await page.mouse.move(x, 400);
    await page.mouse.down();
    await page.mouse.move(x - 100, 400, { steps: 4 });
    await page.mouse.up();
    await settle();
    expect((await panelSize()).width).toBeCloseTo(width + 100, -1);
    await page.keyboard.press('ArrowRight');
    await settle();
    expect((await panelSize()).width).toBeCloseTo(width + 100 - 28, -1);
    await divider().dblclick();
    await settle();
    expect((await panelSize()).width).toBeCloseTo(width, 0);

    await page.setViewportSize({ width: 600, height: 900 });
    await settle();
    const { height } = await panelSize();
    expect(await divider().getAttribute('aria-orientation')).toBe('horizontal');
    await divider().focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowUp');
    await settle();
    expect((await panelSize()).height).toBeCloseTo(height + 90, -1);
    await page.keyboard.press('Home');
    await settle();
    expect((await panelSize()).height).toBeLessThan(120);
  });

  it('jumps to a section, opens it, and says where one is', async () => {
    await section('levels').locator('summary').click();
    await jump('Levels').click();
    await settle();
    expect(await section('levels').getAttribute('open')).not.toBeNull();
    expect(await focused()).toContain('LOSS BY LEVEL');
    expect(await jump('Levels').getAttribute('aria-current')).not.toBeNull();
    const top = await page.evaluate<number>(
      `document.querySelector('[data-section="levels"]').getBoundingClientRect().top - document.querySelector('.panel-scroll').getBoundingClientRect().top`,
    );
    expect(Math.abs(top)).toBeLessThan(2);
    await page.evaluate(`document.querySelector('.panel-scroll').scrollTo(0, 0)`);
    await settle();
    await settle();
    expect(await jump('Breakdown').getAttribute('aria-current')).not.toBeNull();
    // The last section never comes to the top, and is current all the same.
    await jump('Run').click();
    await settle();
    await settle();
    expect(await jump('Run').getAttribute('aria-current')).not.toBeNull();
  });

  it('is one stop for Tab in its jump bar and in each list', async () => {
    await jump('Breakdown').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('End');
    expect(await focused()).toBe('Run');
    const stops = (name: string) =>
      page.evaluate(
        `document.querySelectorAll('[data-section="${name}"] tbody :is(button, a):not([tabindex="-1"])').length`,
      );
    expect([await stops('labels'), await stops('detections'), await stops('classes')]).toEqual([1, 1, 1]);
    const names = await section('labels').locator('tbody th .link').allInnerTexts();
    await section('labels').locator('tbody th .link').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe(names[2]?.trim());
    await page.keyboard.press('End');
    expect(await focused()).toBe(names.at(-1)?.trim());
    await page.keyboard.press('Tab');
    expect(names).not.toContain(await focused());
    // A new order has other rows, and still one stop.
    await section('labels').locator('.sort', { hasText: 'label' }).click();
    await settle();
    expect(await stops('labels')).toBe(1);
  });

  it('leaves a row where it was clicked, so that a second click lets go of it', async () => {
    const row = section('classes').locator('.link', { hasText: 'RBC' });
    await row.scrollIntoViewIfNeeded();
    const box = await row.boundingBox();
    const at = [(box?.x ?? 0) + 5, (box?.y ?? 0) + 5] as const;
    await page.mouse.click(...at);
    await settle();
    expect(await page.locator('.filter-bar').count()).toBe(1);
    expect((await row.boundingBox())?.y).toBeCloseTo(box?.y ?? NaN, 0);
    await page.mouse.click(...at);
    await settle();
    expect(await page.locator('.filter-bar').count()).toBe(0);
    expect((await row.boundingBox())?.y).toBeCloseTo(box?.y ?? NaN, 0);
  });

  it('marks what follows a slider only at rest until the slider rests', async () => {
    const hint = section('hottest').locator('.rest-hint');
    const gamma = page.getByLabel('Gamma', { exact: true });
    expect(await hint.isVisible()).toBe(false);
    await page.evaluate(`(() => {
      const input = document.querySelector('input[aria-label="Gamma"]');
      input.value = '3';
      input.dispatchEvent(new Event('input', { bubbles: true }));
    })()`);
    await settle();
    expect(await hint.isVisible()).toBe(true);
    const opacity = (name: string) =>
      page.evaluate<string>(
        `getComputedStyle(document.querySelector('[data-section="${name}"] .section-body')).opacity`,
      );
    for (const name of ['hottest', 'labels', 'classes', 'anchors'])
      expect(Number(await opacity(name))).toBeLessThan(0.6);
    expect(await opacity('levels')).toBe('1');
    await gamma.dispatchEvent('change');
    await settle();
    expect(await hint.isVisible()).toBe(false);
    expect(await opacity('labels')).toBe('1');
  });

  it('copies its opening, and says that it did', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const copied = async (what: string) => {
      await page.getByRole('button', { name: `Copy ${what}`, exact: true }).focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('.copied-note').innerText()).toContain('Copied');
      return page.evaluate<string>('navigator.clipboard.readText()');
    };
    expect(await copied('sentence')).toBe(breakdownSentence(analysis));
    const rows = (await copied('breakdown')).split('\n').map(line => line.split('\t'));
    expect(rows).toHaveLength(8);
    expect(Number(rows[6]?.[5])).toBe(analysis.breakdown[5].focal);
    expect(await copied('losses')).toContain(`classification loss\t${analysis.loss.classification}`);
    await expect.poll(() => page.locator('.copied-note').innerText(), { timeout: 5000 }).toBe('');
  });

  it('leads from a detection’s label to the label', async () => {
    const link = section('detections').locator('tbody td .link').first();
    const name = (await link.innerText()).trim();
    expect(analysis.labels.map(labelName)).toContain(name);
    await link.click();
    await settle();
    expect(await page.locator('.filter-bar').innerText()).toContain(`matched to ${name}`);
  });

  it('says in its menu which gamma and alpha saved anchors are of', async () => {
    await page.getByLabel('Losses to compare with').selectOption({ label: 'Cross entropy' });
    await page.locator('.menu-below > summary').click();
    expect(await page.locator('.menu-entry', { hasText: 'Anchors' }).innerText()).toContain('own γ 2 · α 0.25');
  });

  it('shows the value of a legend’s end while it is moved', async () => {
    const high = page.getByRole('slider', { name: 'Upper end of the scale' });
    const value = page.locator('.handle.high .handle-value');
    expect(await value.isVisible()).toBe(false);
    await high.focus();
    await page.keyboard.press('ArrowLeft');
    await settle();
    expect(await value.innerText()).toBe(await high.getAttribute('aria-valuetext'));
  });

  it.each([1400, 600, 500])('keeps the picture free of controls at %i pixels', async width => {
    await page.setViewportSize({ width, height: 800 });
    await settle();
    const stage = await page.locator('.stage').boundingBox();
    const zoom = await page.locator('.zoom').boundingBox();
    expect(zoom?.y).toBeGreaterThanOrEqual((stage?.y ?? 0) + (stage?.height ?? 0));
  });
});
