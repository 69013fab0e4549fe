import type { Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assessFocalLoss } from '../../../src/analysis/focalAssessment';
import { recomputeLoss } from '../../../src/analysis/recomputeLoss';
import { allGroups, noFilter } from '../../../src/webview/lens/anchorFilter';
import { anchorRecord } from '../../../src/webview/lens/anchorRecord';
import { anchorsAt } from '../../../src/webview/lens/hitTest';
import { lensImage } from '../../../src/webview/lens/lensImage';
import { allLevels } from '../../../src/webview/lens/viewState';
import { loss } from '../../../src/webview/words/format';
import { BrowserPages, pictureBox, settled } from '../helpers/browserPages';
import { chromiumPath, portable, writeHostedPage } from '../helpers/lensPage';
import { cellSlide, slidePicture, syntheticRun } from '../helpers/syntheticAnalysis';

const options = cellSlide();
const run = syntheticRun(options);
const { analysis, logits } = run;
const { classes } = analysis.model;
const image = lensImage('slide', '', analysis);
const picture = slidePicture(options);

describe.skipIf(chromiumPath === undefined)('the lens as an instrument', () => {
  const pages = new BrowserPages();
  let url: string;
  let page: Page;
  let imageUri = picture;
  let revision = 1;
  let answersLoss = false;
  const asked: { method: string; params: Record<string, number> }[] = [];

  beforeAll(async () => {
    url = await pages.write(writeHostedPage);
  });

  beforeEach(async () => {
    asked.length = 0;
    page = await pages.open();
    await page.exposeFunction('answer', (method: string, params: Record<string, number>) => {
      if (method !== 'getState') asked.push({ method, params });
      return answer(method, params);
    });
    await page.goto(url);
    await page.locator('.panel .breakdown').waitFor();
    await settle();
  }, 60_000);

  afterEach(() => {
    imageUri = picture;
    revision = 1;
    answersLoss = false;
  });

  function answer(method: string, params: Record<string, number>): object {
    if (method === 'getState') {
      return {
        result: { revision, state: { kind: 'ready', imageUri, title: 'slide', analysis: portable(analysis) } },
      };
    }
    if (method === 'recomputeLoss' && answersLoss) {
      const { gamma, alpha } = params;
      const focal = recomputeLoss({ logits, classes, analysis, focal: { gamma, alpha } });
      return { result: { focal: Buffer.from(focal.buffer).toString('base64') } };
    }
    return { error: `no answer to ${method} ${JSON.stringify(params)}` };
  }

  const settle = () => settled(page);

  async function drag(name: string, value: number): Promise<void> {
    await page.evaluate(`(() => {
      const input = document.querySelector('input[aria-label="${name}"]');
      input.value = '${value}';
      input.dispatchEvent(new Event('input', { bubbles: true }));
    })()`);
    await settle();
  }

  async function place(x: number, y: number) {
    const { scale, ...box } = await pictureBox(page);
    const [px, py] = [Math.round(box.x + x * scale), Math.round(box.y + y * scale)];
    return { px, py, at: { x: (px - box.x) / scale, y: (py - box.y) / scale } };
  }

  /** Numbers of a table's row, `%` and thousands separators left out. */
  const numbers = (text: string) =>
    [...text.matchAll(/[\d,]*\.?\d+(?:e-?\d+)?/g)].map(m => Number(m[0].replace(/,/g, '')));

  it('follows gamma and alpha while they are dragged, as the engine would compute it', async () => {
    await drag('Gamma', 0.5);
    await drag('Alpha', 0.6);
    const focal = { gamma: 0.5, alpha: 0.6 };
    const exact = assessFocalLoss(
      logits,
      classes.length,
      image.columns.state,
      run.targets,
      run.levels,
      focal,
      analysis.bands,
    );
    const near = (shown: number | undefined, wanted: number) =>
      // Three digits are shown.
      expect(Math.abs((shown ?? NaN) - wanted)).toBeLessThanOrEqual(0.01 * wanted + 0.006);
    const rows = page.locator('.breakdown tbody tr');
    for (let i = 0; i < 7; i++) {
      const cell = await rows.nth(i).locator('td').nth(2).innerText();
      near(numbers(cell)[0], exact.breakdown[i].focal);
      near(numbers(cell)[1], exact.breakdown[i].focalShare * 100);
    }
    expect(await page.locator('.panel').innerText()).toContain('0.5 · 0.6');

    const { px, py, at } = await place(400, 350);
    await page.mouse.move(px, py);
    const values = recomputeLoss({ logits, classes, analysis, focal });
    const [hit] = anchorsAt(image, values, allLevels, at);
    const text = await page.locator('.tip').innerText();
    expect(text).toContain(`${anchorRecord(image, hit.anchor).level} ·`);
    near(numbers(/FL\s+(\S+)/.exec(text)?.[1] ?? '')[0], values[hit.anchor]);
    expect(asked).toEqual([]);
  });

  it('asks for exact losses when the slider is let go, and marks the estimate until they come', async () => {
    await drag('Gamma', 3);
    expect(asked).toEqual([]);
    await page.getByLabel('Gamma', { exact: true }).dispatchEvent('change');
    await expect
      .poll(() => asked)
      .toEqual([{ method: 'recomputeLoss', params: { revision: 1, gamma: 3, alpha: 0.25 } }]);
    expect(await page.locator('.what-if').innerText()).toContain('within 0.5%');
    await page.getByRole('button', { name: 'Back to the model’s own loss' }).click();
    await settle();
    expect(await page.locator('.what-if').innerText()).not.toContain('±');
    expect(await page.locator('.breakdown tbody tr').first().innerText()).toContain(loss(analysis.breakdown[0].focal));
  });

  it('is exact once the slider rests', async () => {
    answersLoss = true;
    await drag('Gamma', 0.3);
    await page.getByLabel('Gamma', { exact: true }).dispatchEvent('change');
    await expect.poll(() => page.locator('.what-if').innerText(), { timeout: 10_000 }).toContain('exact');
    await settle();
    const focal = { gamma: 0.3, alpha: 0.25 };
    const { state } = image.columns;
    const exact = assessFocalLoss(logits, classes.length, state, run.targets, run.levels, focal, analysis.bands);
    const cells = await page.locator('.breakdown tbody tr td:nth-of-type(3)').allInnerTexts();
    cells.forEach((cell, i) => expect(cell).toContain(loss(exact.breakdown[i].focal)));
    expect(await page.locator('.tile').first().innerText()).toContain(loss(exact.classification));
  });

  it('switches alpha off and takes presets', async () => {
    await page.getByLabel('Losses to compare with').selectOption({ label: 'Cross entropy' });
    await settle();
    const total = analysis.breakdown.reduce((sum, row) => sum + row.crossEntropy, 0);
    const [, , crossEntropy, focal] = await page.locator('.breakdown tfoot').locator('th, td').allInnerTexts();
    expect([crossEntropy, focal]).toEqual([loss(total), loss(total)]);
    expect(await page.locator('.what-if').innerText()).toContain('off');
    await page.getByLabel('Losses to compare with').selectOption({ label: 'Paper: γ 2, α 0.25' });
    await settle();
    expect(await page.locator('.breakdown tbody tr').nth(5).innerText()).toContain(loss(analysis.breakdown[5].focal));
  });

  it('moves anchors between bands with the thresholds', async () => {
    await drag('Easy from this p_t', 0.99);
    const { pt, state } = image.columns;
    const easy = pt.reduce((sum, value, i) => sum + (state[i] === 0 && value >= 0.99 ? 1 : 0), 0);
    const cell = await page.locator('.breakdown tbody tr').first().locator('td').first().innerText();
    expect(numbers(cell)[0]).toBe(easy);
  });

  it('shows the anchors that pass the filters alone', async () => {
    await page.getByRole('button', { name: 'Filter' }).click();
    const chip = (name: string) =>
      page.locator('.toolbar .chip', { hasText: new RegExp(`^\\s*${name}\\s*$`) }).locator('input');
    await chip('background').uncheck();
    await chip('ignored').uncheck();
    await chip('easy').uncheck();
    await chip('1:1').uncheck();
    const groups = [4, 5].reduce((mask, group) => mask | (1 << group), 0);
    expect(groups & allGroups).toBe(groups);
    const passing = image.passing({ ...noFilter, groups, ratios: 0b101 });
    const { px, py, at } = await place(400, 350);
    await page.mouse.move(px, py);
    await settle();
    const hits = anchorsAt(image, image.columns.focal, allLevels, at, passing);
    const text = await page.locator('.tip').innerText();
    const record = anchorRecord(image, hits[0].anchor);
    expect(text).toContain(`${record.level} · ${record.size} px`);
    expect(text).toContain(loss(record.focal));
    expect(text).toContain(`of ${hits.length} here`);
    await page.getByRole('button', { name: 'Show all anchors' }).click();
    await expect.poll(() => chip('background').isChecked()).toBe(true);
  });

  it('goes through the anchors under the pointer by key and wheel, and pins the one that is shown', async () => {
    const { px, py, at } = await place(300, 180);
    await page.mouse.move(px, py);
    await page.locator('.stage').focus();
    const hits = anchorsAt(image, image.columns.focal, allLevels, at);
    const named = (i: number) =>
      `${anchorRecord(image, hits[i].anchor).level} · ${anchorRecord(image, hits[i].anchor).size} px`;
    const tip = page.locator('.tip');
    await page.keyboard.press(']');
    await page.keyboard.press('Alt+ArrowDown');
    expect(await tip.innerText()).toContain(`3 of ${hits.length} here`);
    expect(await tip.innerText()).toContain(named(2));
    await page.keyboard.down('Alt');
    await page.mouse.wheel(0, 100);
    await page.keyboard.up('Alt');
    await expect.poll(() => tip.innerText()).toContain(`4 of ${hits.length} here`);
    await page.keyboard.press('[');
    await page.keyboard.press('Enter');
    await page.locator('.inspection').waitFor();
    expect(await page.locator('.inspection h2').innerText()).toContain(named(2));
  });

  it('compares two pinned anchors', async () => {
    const first = await place(400, 350);
    const second = await place(100, 80);
    await page.mouse.click(first.px, first.py);
    await page.keyboard.down('Shift');
    await page.mouse.click(second.px, second.py);
    await page.keyboard.up('Shift');
    const table = page.locator('.comparison');
    await table.waitFor();
    const records = [first, second].map(({ at }) =>
      anchorRecord(image, anchorsAt(image, image.columns.focal, allLevels, at)[0].anchor),
    );
    const row = await table.locator('tr', { hasText: 'FL' }).first().locator('td').allInnerTexts();
    expect(row).toEqual(records.map(record => loss(record.focal)));
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await table.getByRole('button', { name: 'Copy comparison' }).click();
    const copied = (await page.evaluate<string>('navigator.clipboard.readText()')).split('\n');
    expect(copied.find(line => line.startsWith('FL\t'))).toBe(['FL', ...row].join('\t'));
    const label = table.locator('.link').first();
    const name = (await label.innerText()).trim();
    await label.click();
    await settle();
    expect(await page.locator('.filter-bar').innerText()).toContain(`matched to ${name}`);
    await page.locator('.stage').focus();
    await page.keyboard.press('Escape');
    await table.waitFor({ state: 'detached' });
    expect(await page.locator('.inspection').count()).toBe(1);
  });

  it('moves the ends of the scale by key, and resets them', async () => {
    const low = page.getByRole('slider', { name: 'Lower end of the scale' });
    expect(Number(await low.getAttribute('aria-valuenow'))).toBeCloseTo(0.001, 6);
    await low.focus();
    await page.keyboard.press('ArrowRight');
    await settle();
    expect(Number(await low.getAttribute('aria-valuenow'))).toBeGreaterThan(0.00101);
    await page.locator('.ramp').dblclick({ position: { x: 40, y: 5 } });
    await settle();
    expect(Number(await low.getAttribute('aria-valuenow'))).toBeCloseTo(0.001, 6);
  });

  it('says that the picture is gone, and shows the rest', async () => {
    imageUri = 'data:image/png;base64,AAAA';
    revision = 2;
    await page.evaluate('announce(2)');
    const notice = page.locator('.picture-notice');
    await notice.waitFor();
    expect(await notice.innerText()).toContain(analysis.image.file);
    await notice.getByText('Analyze again').click();
    await expect.poll(() => asked.map(request => request.method)).toContain('analyzeAgain');
    expect(await page.locator('canvas.heat').isVisible()).toBe(true);
  });

  it.each([
    ['vscode-dark', { background: '#1f1f1f', foreground: '#cccccc', orange: '#d18616', purple: '#b180d7' }],
    ['vscode-light', { background: '#ffffff', foreground: '#3b3b3b', orange: '#d18616', purple: '#652d90' }],
    ['vscode-high-contrast', { background: '#000000', foreground: '#ffffff', orange: '#d18616', purple: '#b180d7' }],
    [
      'vscode-high-contrast-light',
      { background: '#ffffff', foreground: '#292929', orange: '#d18616', purple: '#652d90' },
    ],
  ])('reads well in %s, and changes with the theme', async (name, theme) => {
    const variables = {
      'editor-background': theme.background,
      foreground: theme.foreground,
      descriptionForeground: theme.foreground,
      'charts-orange': theme.orange,
      'charts-purple': theme.purple,
      'editorWarning-foreground': name.endsWith('light') ? '#bf8803' : '#cca700',
      'textLink-foreground': name.endsWith('light') ? '#005fb8' : '#4daafc',
      'inputOption-activeBackground': name.includes('contrast')
        ? '#00000000'
        : name.endsWith('light')
          ? '#bed6ed'
          : '#2489db82',
      'inputOption-activeForeground': name.includes('contrast')
        ? theme.foreground
        : name.endsWith('light')
          ? '#000000'
          : '#ffffff',
      'list-hoverBackground': name.includes('contrast') ? '#00000000' : name.endsWith('light') ? '#f2f2f2' : '#2a2d2e',
      'badge-background': name.endsWith('light') ? '#cccccc' : '#616161',
      'badge-foreground': name.endsWith('light') ? '#3b3b3b' : '#f8f8f8',
    };
    await page.evaluate(`
      document.body.className = '${name}';
      for (const [variable, value] of Object.entries(${JSON.stringify(variables)})) {
        document.documentElement.style.setProperty('--vscode-' + variable, value);
      }`);
    await settle();
    await page.mouse.click(500, 400);
    await page.locator('.inspection').waitFor();
    await page.locator('.breakdown .group', { hasText: 'background hard' }).click();
    await settle();
    const texts = await page.evaluate<PaintedText[]>(`(${paintedTexts})()`);
    expect(texts.length).toBeGreaterThan(150);
    const illegible = texts
      .map(text => ({ ...text, ratio: contrast(over(text.color, text.background, text.opacity), text.background) }))
      .filter(({ ratio }) => ratio < 4.5)
      .map(({ text, place, ratio }) => `${place} “${text}” ${ratio.toFixed(2)}`);
    expect([...new Set(illegible)]).toEqual([]);
  });

  it.each([
    [1100, 760, 0.4],
    [700, 760, 0.4],
  ])('gives the picture the larger part at %i x %i', async (width, height, least) => {
    await page.setViewportSize({ width, height });
    await settle();
    const stage = await page.locator('.stage').boundingBox();
    const panel = await page.locator('.panel').boundingBox();
    const area = (box: { width: number; height: number } | null) => (box === null ? 0 : box.width * box.height);
    expect(area(stage)).toBeGreaterThan(area(panel));
    expect(area(stage) / (width * height)).toBeGreaterThan(least);
  });
});

interface PaintedText {
  readonly text: string;
  readonly place: string;
  readonly color: readonly [number, number, number, number];
  readonly background: Rgb;
  readonly opacity: number;
}

/** Run in the page: the text of panel and status line that is seen, with its color, what it stands on and its opacity. */
const paintedTexts = `() => {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = color => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const blend = ([r, g, b, a], under) => [r, g, b].map((value, i) => value * a + under[i] * (1 - a));
  const chain = element => (element === null ? [] : [...chain(element.parentElement), element]);
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (text === '' || element.closest('.panel, .status') === null || !element.checkVisibility()) continue;
    if (element.closest('.hidden-visually, .copy, [disabled], svg') !== null) continue;
    const style = getComputedStyle(element);
    const all = chain(element);
    found.push({
      text,
      place: element.tagName.toLowerCase() + '.' + element.className,
      color: rgba(style.color),
      background: all.reduce((under, e) => blend(rgba(getComputedStyle(e).backgroundColor), under), [255, 255, 255]),
      opacity: all.reduce((product, e) => product * Number(getComputedStyle(e).opacity), 1),
    });
  }
  return found;
}`;

type Rgb = readonly [number, number, number];

/** A color with alpha, in an element of some opacity, over what is below. */
function over([r, g, b, alpha]: PaintedText['color'], below: Rgb, opacity: number): Rgb {
  const share = alpha * opacity;
  const mix = (value: number, i: number) => value * share + below[i] * (1 - share);
  return [mix(r, 0), mix(g, 1), mix(b, 2)];
}

/** Contrast ratio of WCAG 2. */
function contrast(a: Rgb, b: Rgb): number {
  const luminance = (rgb: Rgb) =>
    rgb
      .map(value => value / 255)
      .map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}
