import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { breakdownGroups } from '../../../src/protocol/analysis';
import type { DatasetOverview, DatasetProgress } from '../../../src/protocol/dataset';
import type { OverviewState } from '../../../src/protocol/overview';
import { BrowserPages } from '../helpers/browserPages';
import { chromiumPath, writeHostedPage } from '../helpers/lensPage';

const nasty = '<img src=x onerror=alert(1)>\u202e';
const names = ['boat', nasty, ...Array.from({ length: 12 }, (_, i) => `a class with a rather long name ${i}`)];

const overview: DatasetOverview = {
  run: {
    ...{ id: 1, started: '2026-11-24T02:00:00.000Z', finished: undefined, state: 'cancelled', dataset: 'labels.json' },
    ...{ model: '/models/retinanet.pth', architecture: 'RetinaNet ResNet-50 FPN v1', parameters: 34_014_999 },
    ...{ classes: names, runtime: 'ONNX Runtime', provider: 'CPU', providerReason: 'No GPU.', notes: ['A note.'] },
    ...{ gamma: 2, alpha: 0.25, boxLoss: 'l1', bands: { easy: 0.9, hard: 0.5 }, images: 120, computed: 100 },
    ...{ reused: 20, failed: 2, seconds: 50 },
  },
  ...{ images: 118_287, failed: 2, labels: 860_001, anchors: 19_305_190_000, foreground: 12_345_678 },
  ...{ meanClassification: 0.238, meanBoxRegression: 0.159 },
  breakdown: breakdownGroups.map((group, i) => ({
    ...{ group, anchors: 1000 * (i + 1), anchorShare: (i + 1) / 28, crossEntropy: 8 - i },
    ...{ crossEntropyShare: 0.1, focal: i, focalShare: i / 21 },
  })),
  levels: ['P3', 'P4'].map((level, i) => ({ level, anchors: 100, foreground: 7, crossEntropy: 2, focal: 1 + 2 * i })),
  categories: names.map((name, i) => ({
    ...{ id: i + 1, name, labels: 100 - i, excluded: 0, uncovered: 1, anchors: 20 },
    ...{ classification: names.length - i, boxRegression: 1 },
  })),
  issues: [{ kind: 'badBox', issues: 45 }],
  ptHistogram: {
    foreground: Array.from({ length: 20 }, (_, i) => i),
    background: Array.from({ length: 20 }, (_, i) => 5 ** i),
  },
};
const progress: DatasetProgress = {
  ...{ stage: 'images', done: 83, images: 120, computed: 80, reused: 3, failed: 1, perSecond: 4.2, secondsLeft: 9 },
};

describe.skipIf(chromiumPath === undefined)('the overview’s page', () => {
  const pages = new BrowserPages('src/webview/overview/main.ts');
  let url: string;
  let page: Page;
  let state: OverviewState;
  let asked: { method: string; params: unknown }[];

  beforeAll(async () => {
    url = await pages.write(writeHostedPage);
  });

  beforeEach(() => {
    asked = [];
    state = {
      ...{ dataset: 'labels.json', format: 'COCO JSON', search: undefined },
      ...{ overview, issues: 45, filter: {}, progress: undefined },
    };
  });

  const open = async (width = 300) => {
    page = await pages.open({ width });
    await page.exposeFunction('answer', (method: string, params: unknown) => {
      if (method === 'getState') return { result: state };
      asked.push({ method, params });
      return { result: null };
    });
    await page.goto(url);
  };
  const announce = () => page.evaluate('window.announce(0)');
  const row = (text: string) => page.locator('.share', { hasText: text });

  it.each([200, 300, 400, 500])('holds everything in a side bar of %i px', async width => {
    await open(width);
    await row('boat').waitFor();
    await page.locator('summary', { hasText: 'Model and runtime' }).click();
    const room = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    );
    expect(room[0]).toBe(room[1]);
    const cut = await page
      .locator('.tile dt, .share b, .facts-list dt')
      .evaluateAll(found => found.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length);
    expect(cut).toBe(0);
  });

  it('shows what is to be known of the run before anything else', async () => {
    await open();
    await page.getByText('A note.').waitFor();
    expect(await page.locator('.section h2').first().textContent()).toBe('Notes');
  });

  it('shows names of classes as text', async () => {
    await open();
    await row('onerror').waitFor();
    expect(await page.locator('.shares img').count()).toBe(0);
    expect(await row('onerror').locator('.name').textContent()).toBe(nasty);
  });

  it('narrows the lists to a class, level or band, and takes it back', async () => {
    await open();
    await row('boat').click();
    await row('P4').click();
    await row('background hard').click();
    await expect
      .poll(() => asked.map(({ params }) => params))
      .toEqual([
        { part: 'category', value: 'boat' },
        { part: 'level', value: 'P4' },
        { part: 'band', value: 'background/hard' },
      ]);
    state = { ...state, filter: { category: 'boat' } };
    await announce();
    await page.locator('.share[aria-pressed="true"]').waitFor();
    await row('boat').click();
    await expect.poll(() => asked.at(-1)).toEqual({ method: 'filter', params: { part: 'category' } });
  });

  it('narrows the lists by a bar of the histogram to the band it lies in', async () => {
    await open();
    await row('boat').waitFor();
    const columns = page.locator('.histogram .column');
    // Background comes first, 20 bars; foreground has none at p_t 0.
    const titles = await columns.locator('title').allTextContents();
    expect(titles[0]).toContain('Click for the images where all hard background carries most.');
    expect(titles[20]).toContain('at p_t 0.05 to 0.10. Click for the images where all hard foreground');
    for (const bar of [0, 15, 38]) await columns.nth(bar).click();
    await expect
      .poll(() => asked.map(({ params }) => params))
      .toEqual(['background/hard', 'background/moderate', 'foreground/easy'].map(value => ({ part: 'band', value })));
    state = { ...state, filter: { band: 'foreground/easy' } };
    await announce();
    await page.locator('.histogram .chosen').first().waitFor();
    expect(await page.locator('.histogram .chosen').count()).toBe(2);
    await columns.nth(38).click();
    await expect.poll(() => asked.at(-1)).toEqual({ method: 'filter', params: { part: 'band' } });
  });

  it('shows the first classes and a chosen one, and all when asked', async () => {
    state = { ...state, filter: { category: names.at(-1) ?? '' } };
    await open();
    const classes = page.locator('.section', { hasText: 'Loss by class' }).locator('.share');
    await expect.poll(() => classes.count()).toBe(9);
    await page.getByText(`Show all ${names.length}`).click();
    expect(await classes.count()).toBe(names.length);
    expect(await classes.locator('b').first().textContent()).toBe('12.6%');
  });

  it('says what was found in the workspace before anything is analyzed', async () => {
    const search = { datasets: 3, isCut: true };
    state = { ...state, dataset: undefined, format: undefined, overview: undefined, search };
    await open();
    await page.getByText('Nothing analyzed yet').waitFor();
    await page.getByText('3 datasets in this workspace: Choose Dataset picks one.').waitFor();
    await page.getByText('This workspace is too large').waitFor();
    state = { ...state, dataset: nasty, format: 'YOLO', search: { datasets: 2, isCut: false } };
    await announce();
    await page.getByText('1 other dataset in this workspace: Choose Dataset picks it.').waitFor();
    expect(await page.locator('.empty-page b').textContent()).toBe(nasty);
    expect(await page.getByText('This workspace is too large').count()).toBe(0);
  });

  it('follows a run and can cancel it', async () => {
    state = { ...state, overview: undefined };
    await open();
    await page.getByText('labels.json (COCO JSON): not analyzed yet').waitFor();
    state = { ...state, progress };
    await announce();
    await page.getByText('83 of 120 images').waitFor();
    await page.getByText('4.2 per second, 9 s left').waitFor();
    expect(await page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('83');
    await page.getByText('Cancel').click();
    await expect.poll(() => asked.at(-1)?.method).toBe('cancelRun');
    state = { ...state, overview, progress: undefined };
    await announce();
    await row('boat').waitFor();
    expect(await page.getByText('83 of 120').count()).toBe(0);
  });
});
