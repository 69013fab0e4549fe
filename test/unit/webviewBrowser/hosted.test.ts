import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BrowserPages } from '../helpers/browserPages';
import { chromiumPath, portable, writeHostedPage } from '../helpers/lensPage';
import { anchorColumns } from '../../../src/protocol/anchorColumns';
import { anchorPlaces } from '../../../src/protocol/anchorPlaces';
import { labelName } from '../../../src/webview/words/anchorSentence';
import { cellSlide, slidePicture, syntheticAnalysis } from '../helpers/syntheticAnalysis';

const options = cellSlide();
const analysis = syntheticAnalysis(options);
const imageUri = slidePicture(options);
const title = 'slide_007.jpg';
const ready = { kind: 'ready', imageUri, title, analysis: portable(analysis) };
const inspection = (anchor: number) => ({
  anchor,
  terms: [
    { column: 1, category: '<b>RBC</b>', target: 1, logit: -2, probability: 0.12, crossEntropy: 2.1, focal: 0.41 },
  ],
});

describe.skipIf(chromiumPath === undefined)('the lens with a host', () => {
  const pages = new BrowserPages();
  let url: string;
  let page: Page;
  let revision: number;
  let state: object;
  /** What the host answers to anything but questions. */
  let failing: string | undefined;
  /** What else the host says with the state. */
  let snapshot: { restore?: string; label?: number; focus?: number[] };
  const asked: { method: string; params: unknown }[] = [];

  beforeAll(async () => {
    url = await pages.write(writeHostedPage);
  });

  beforeEach(async () => {
    page = await pages.open();
    asked.length = 0;
    revision = 1;
    state = { kind: 'loading', imageUri, title, stage: 'forward' };
    snapshot = {};
    failing = undefined;
    await page.exposeFunction('answer', (method: string, params: { anchor: number } | null) => {
      asked.push({ method, params });
      if (method === 'getState') return { result: { revision, state, ...snapshot } };
      if (method === 'inspectAnchor') return { result: inspection(params?.anchor ?? -1) };
      return failing === undefined ? { result: null } : { error: failing };
    });
    await page.goto(url);
  });

  const show = async (next: object) => {
    state = next;
    revision++;
    await page.evaluate(`announce(${revision})`);
  };

  const askedFor = (method: string) =>
    asked.filter(request => request.method === method).map(request => request.params);

  it('shows the picture and the stage while it waits, and cancels', async () => {
    await page.locator('.card-box').waitFor();
    expect(await page.locator('.picture').isVisible()).toBe(true);
    expect(await page.locator('.stages .current').innerText()).toContain('Running the network');
    await page.getByText('Cancel').click();
    await expect.poll(() => askedFor('cancel')).toHaveLength(1);
    await show({ kind: 'cancelled', title });
    await page.getByText('Analyze again').click();
    await expect.poll(() => askedFor('analyzeAgain')).toHaveLength(1);
  });

  it('says what failed and offers what helps', async () => {
    await show({ kind: 'failed', title, message: 'model.pth: <script> is no tensor; choose another file' });
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain(
      'model.pth: <script> is no tensor; choose another file',
    );
    await page.getByText('Choose model').click();
    await expect.poll(() => askedFor('chooseModel')).toHaveLength(1);
    await page.getByText('Try again').click();
    await expect.poll(() => askedFor('analyzeAgain')).toHaveLength(1);
  });

  it('asks for the terms of a pinned anchor and opens a label’s line', async () => {
    await show(ready);
    await page.locator('.panel').waitFor();
    const box = await page.locator('.picture').boundingBox();
    await page.mouse.click((box?.x ?? 0) + 300, (box?.y ?? 0) + 300);
    await page.locator('.inspection table').waitFor();
    expect(await page.locator('.inspection table').innerText()).toContain('<b>RBC</b>');
    expect(askedFor('inspectAnchor')).toEqual([{ revision: 2, anchor: expect.any(Number) as number }]);
    await page.locator('.rows.labels .icon-button').first().click();
    const costliest = analysis.labels
      .map((label, index) => ({ index, loss: label.classification }))
      .sort((a, b) => b.loss - a.loss)[0].index;
    await expect.poll(() => askedFor('revealLabel')).toEqual([{ revision: 2, label: costliest }]);
  });

  it('comes back as it was left', async () => {
    await show(ready);
    await page.locator('.panel').waitFor();
    await page.locator('.chip', { hasText: 'P4' }).locator('input').check();
    await page.locator('.stage').focus();
    await page.keyboard.press('+');
    const box = await page.locator('.stage').boundingBox();
    await page.mouse.click((box?.x ?? 0) + 400, (box?.y ?? 0) + 300);
    await page.locator('.inspection table').waitFor();
    const before = {
      heading: await page.locator('.inspection h2').innerText(),
      box: await page.locator('.picture').boundingBox(),
    };
    await expect
      .poll(() => page.evaluate(`JSON.parse(sessionStorage.getItem('view'))`))
      .toMatchObject({ restore: 'file:///slide', view: { levelMask: 2, pinned: expect.any(Number) as number } });
    await page.reload();
    await page.locator('.inspection table').waitFor();
    await expect.poll(() => page.locator('.picture').boundingBox()).toEqual(before.box);
    expect(await page.locator('.inspection h2').innerText()).toBe(before.heading);
    expect(await page.locator('.chip', { hasText: 'P4' }).locator('input').isChecked()).toBe(true);
  });

  it('shows the label it is asked for, with the state or later', async () => {
    snapshot = { label: 2 };
    await show(ready);
    const bar = page.locator('.filter-bar');
    await bar.waitFor();
    expect(await bar.innerText()).toContain(`matched to ${labelName(analysis.labels[2])}`);
    const zoomed = await page.locator('.picture').boundingBox();
    // One that speaks of an older state is not heard.
    await page.evaluate(`requestLabel(${revision - 1}, 1)`);
    await page.evaluate(`requestLabel(${revision}, 4)`);
    await expect
      .poll(() => bar.innerText(), { timeout: 10_000 })
      .toContain(`matched to ${labelName(analysis.labels[4])}`);
    expect(await page.locator('.picture').boundingBox()).not.toEqual(zoomed);
  });

  it('goes to a label without anchors as to any other place', async () => {
    const labels = analysis.labels.map((label, i) => (i === 2 ? { ...label, anchors: 0 } : label));
    snapshot = { label: 2 };
    await show({ ...ready, analysis: portable({ ...analysis, labels }) });
    await page.locator('.inspection').waitFor();
    await expect
      .poll(() => page.evaluate(`JSON.parse(sessionStorage.getItem('view')).view.focus`))
      .toEqual(analysis.labels[2]?.bbox);
    expect(await page.locator('.filter-bar').count()).toBe(0);
  });

  it('brings one to a place, with the state or later, and inspects its strongest anchor', async () => {
    const own = anchorColumns(analysis.columns);
    // Without a label, in the middle of the slide's left half: its strongest anchor, found here the slow way.
    const bbox = [20, 160, 92, 90];
    const { level, y, x, x1 } = anchorPlaces(analysis.anchors.levels, analysis.anchors.total);
    let strongest = -1;
    for (let i = 0; i < x1.length; i++) {
      const stride = analysis.anchors.levels.find(({ name }) => name === level[i])?.stride ?? [NaN, NaN];
      const at = [(x[i] * stride[1]) / analysis.input.scale[1], (y[i] * stride[0]) / analysis.input.scale[0]];
      const inside = at[0] >= 20 && at[0] <= 112 && at[1] >= 160 && at[1] <= 250;
      if (inside && (strongest < 0 || own.focal[i] > own.focal[strongest])) strongest = i;
    }
    snapshot = { focus: bbox };
    await show(ready);
    await page.locator('.inspection table').waitFor();
    expect(askedFor('inspectAnchor')).toEqual([{ revision, anchor: strongest }]);
    const before = await page.locator('.picture').boundingBox();
    const stage = await page.locator('.stage').boundingBox();
    const scale = (before?.width ?? 0) / 640;
    expect(scale * 92).toBeLessThanOrEqual(0.31 * Math.min(stage?.width ?? 0, stage?.height ?? 0));
    // Near the picture's edge the box cannot stand in the middle without leaving half of the stage empty.
    expect((before?.x ?? 0) - (stage?.x ?? 0)).toBeCloseTo(16, 0);
    expect((before?.y ?? 0) + scale * (160 + 45)).toBeCloseTo((stage?.y ?? 0) + (stage?.height ?? 0) / 2, 0);
    // One of an older state and one beyond the picture lead nowhere.
    await page.evaluate(`focusPlace(${revision - 1}, [500, 300, 100, 100])`);
    await page.evaluate(`focusPlace(${revision}, [900, 300, 40, 40])`);
    await page.evaluate(`focusPlace(${revision}, [498, 176, 12, 12])`);
    await expect.poll(() => page.locator('.picture').boundingBox()).not.toEqual(before);
    // However small it is, what is around it stays in sight.
    expect(((await page.locator('.picture').boundingBox())?.width ?? 0) / 640).toBeCloseTo(8, 1);
    await expect.poll(() => askedFor('inspectAnchor')).toHaveLength(2);
    await expect
      .poll(() => page.evaluate(`JSON.parse(sessionStorage.getItem('view')).view.focus`))
      .toEqual([498, 176, 12, 12]);
    await page.locator('.stage').focus();
    await page.keyboard.press('Escape');
    await page.locator('.inspection').waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate(`JSON.parse(sessionStorage.getItem('view')).view.focus`)).toBeUndefined();
  });

  it('asks for the images before and after, and keeps what the extension restores it by', async () => {
    snapshot = { restore: 'file:///slide_008' };
    await show({ ...ready, place: { index: 1, count: 3 } });
    await page.locator('.neighbor-images').waitFor();
    await page.keyboard.press('n');
    await page.keyboard.press('p');
    await page.getByLabel('Next image').click();
    await expect.poll(() => askedFor('showNeighbor')).toEqual([{ direction: 1 }, { direction: -1 }, { direction: 1 }]);
    expect(await page.evaluate(`JSON.parse(sessionStorage.getItem('view')).restore`)).toBe('file:///slide_008');
  });

  it('has its host open what is dropped on it', async () => {
    await show(ready);
    await page.locator('.panel').waitFor();
    await page.evaluate(`(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData('text/uri-list', '# comment\\r\\nfile:///a.png\\r\\nfile:///b.jpg');
      const fire = name => document.querySelector('.stage').dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
      fire('dragover');
      window.hinted = new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => resolve(document.querySelector('.drop-hint') !== null))));
      window.drop = () => fire('drop');
    })()`);
    expect(await page.evaluate('hinted')).toBe(true);
    await page.evaluate('drop()');
    await expect.poll(() => askedFor('openImages')).toEqual([{ uris: ['file:///a.png', 'file:///b.jpg'] }]);
    await expect.poll(() => page.locator('.drop-hint').count()).toBe(0);
  });

  it('has its host save picture, anchors and report, and says what went wrong', async () => {
    await show(ready);
    await page.locator('.panel').waitFor();
    const save = async (entry: string) => {
      await page.locator('.menu-below > summary').click();
      await page.locator('.menu-entry', { hasText: entry }).click();
    };
    await save('Picture');
    const pngHead = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
    await expect
      .poll(() => askedFor('savePicture'))
      .toEqual([{ revision, png: { head: pngHead, size: expect.any(Number) as number } }]);
    await save('Anchors');
    await expect.poll(() => askedFor('exportAnchors')).toEqual([{ revision }]);
    failing = 'report.html: the disk is full; free some space';
    await save('report');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain(failing);
    await page.getByRole('alert').getByLabel('Close').click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });

  it('goes from image to image on the same two canvases', async () => {
    for (let i = 0; i < 12; i++) {
      await show(i % 2 === 0 ? ready : { kind: 'loading', imageUri, title, stage: 'decode' });
      await page.locator(i % 2 === 0 ? '.panel' : '.card-box').waitFor();
    }
    expect(await page.locator('canvas').count()).toBe(2);
  }, 120_000);
});
