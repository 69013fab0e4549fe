import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../../src/protocol/analysis';
import { breakdownSentence } from '../../../src/protocol/breakdownSentence';
import { reduceCells, valueAt } from '../../../src/webview/heatmap/cellGrid';
import { colorMap, stateColorMap } from '../../../src/webview/heatmap/colorMaps';
import { anchorRecord } from '../../../src/webview/lens/anchorRecord';
import { anchorsAt } from '../../../src/webview/lens/hitTest';
import { lensImage } from '../../../src/webview/lens/lensImage';
import { heatScale, scalePosition, type Combination, type Metric } from '../../../src/webview/lens/metrics';
import { allLevels, defaultViewState } from '../../../src/webview/lens/viewState';
import { argumentSentence } from '../../../src/webview/words/anchorSentence';
import { count, loss, probability } from '../../../src/webview/words/format';
import { BrowserPages, pictureBox, settled } from '../helpers/browserPages';
import { chromiumPath, writeReport } from '../helpers/lensPage';
import { seededRandom } from '../helpers/random';
import { cellSlide, slidePicture, syntheticAnalysis } from '../helpers/syntheticAnalysis';

const options = cellSlide();
const analysis = syntheticAnalysis(options);
const image = lensImage('slide', '', analysis);
const whitePicture = `data:image/svg+xml;base64,${Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><rect width="640" height="480" fill="#fff"/></svg>',
).toString('base64')}`;

if (chromiumPath === undefined) console.warn('Browser tests of the webview are skipped: no Chromium was found.'); // eslint-disable-line no-console

describe.skipIf(chromiumPath === undefined)('the report in a browser', () => {
  const pages = new BrowserPages();
  let page: Page;

  async function open(shown: Analysis, picture: string, test: () => Promise<void>, before?: string): Promise<void> {
    const url = await pages.write((folder, bundle) => writeReport(folder, bundle, shown, picture));
    page = await pages.open();
    if (before !== undefined) await page.addInitScript(before);
    await page.goto(url);
    await page.locator('.panel').waitFor();
    await settle();
    await test();
  }

  const settle = () => settled(page);

  const chip = (name: string) => page.locator('.chip', { hasText: new RegExp(`^\\s*${name}\\s*$`) }).locator('input');
  const bare = async () => {
    for (const name of ['Labels', 'Detections']) await page.locator(`vscode-checkbox[label="${name}"]`).click();
  };

  /** Chooses in the menu of how the heatmap is drawn, and closes it. */
  async function drawn(name: string, option: string): Promise<void> {
    await page.locator('.legend .menu summary').click();
    await page.getByLabel(name, { exact: true }).selectOption(option);
    await page.keyboard.press('Escape');
  }

  /** Pixels whose colour differs from that of the legend, over pixels spread over the picture. */
  async function wrongPixels(
    metric: Metric,
    mask: number,
    combination: Combination,
    logarithmic = true,
    edge = 0.01,
  ): Promise<string[]> {
    await page.mouse.move(2, 2);
    await settle();
    const { data, info } = await sharp(await page.screenshot())
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { x, y, scale } = await pictureBox(page);
    const cells = reduceCells(image.layout, image.values(metric), combination);
    const colors = metric === 'state' ? stateColorMap() : colorMap('inferno');
    const range = heatScale(metric, combination, logarithmic);
    const [scaleY, scaleX] = analysis.input.scale;
    const random = seededRandom(4);
    const wrong: string[] = [];
    let checked = 0;
    while (checked < 400) {
      const column = Math.floor(x + 4 + random() * (640 * scale - 8));
      const row = Math.floor(y + 4 + random() * (480 * scale - 8));
      const at = (dx: number, dy: number) =>
        valueAt(
          image.layout,
          cells,
          mask,
          combination,
          ((column + 0.5 + dx - x) / scale) * scaleX,
          ((row + 0.5 + dy - y) / scale) * scaleY,
        );
      const value = at(0, 0);
      // So near a tile's edge, float32 or a coarser sampling may decide otherwise.
      if ([-edge, edge].some(dx => [-edge, edge].some(dy => at(dx, dy) !== value))) continue;
      checked++;
      const entry = Math.round(scalePosition(range, value) * 255) * 4;
      const alpha = (colors[entry + 3] / 255) * defaultViewState.opacity;
      const pixel = (row * info.width + column) * 3;
      for (let c = 0; c < 3; c++) {
        const expected = colors[entry + c] * alpha + 255 * (1 - alpha);
        if (Math.abs(expected - data[pixel + c]) > 5)
          wrong.push(`${column},${row}: ${data[pixel + c]} for ${expected}`);
      }
    }
    return wrong;
  }

  it('opens with the breakdown, in words and as a table, and writes no errors', async () => {
    await open(analysis, slidePicture(options), async () => {
      expect(await page.locator('.opening').innerText()).toBe(breakdownSentence(analysis));
      const rows = page.locator('.breakdown tbody tr');
      expect(await rows.count()).toBe(7);
      const first = await rows.first().innerText();
      expect(first).toContain(count(analysis.breakdown[0].anchors));
      expect(first).toContain(loss(analysis.breakdown[0].focal));
      expect(await page.locator('.status').innerText()).toContain(loss(analysis.loss.classification));
    });
  });

  it('colours every place as the legend says, tile by tile', async () => {
    await open(analysis, whitePicture, async () => {
      await bare();
      expect(await wrongPixels('focal', allLevels, 'max')).toEqual([]);
      await chip('P5').check();
      expect(await wrongPixels('focal', 1 << 2, 'max')).toEqual([]);
      await chip('P7').check();
      await chip('p_t').check();
      expect(await wrongPixels('pt', 1 << 4, 'max')).toEqual([]);
      await chip('All levels').check();
      await chip('Assignment').check();
      expect(await wrongPixels('state', allLevels, 'max')).toEqual([]);
      await chip('Cross entropy').check();
      await drawn('How the anchors of a place become one value', 'sum');
      expect(await wrongPixels('crossEntropy', allLevels, 'sum')).toEqual([]);
      await drawn('Scale', 'linear');
      expect(await wrongPixels('crossEntropy', allLevels, 'sum', false)).toEqual([]);
    });
  });

  it('colours the same where the browser has no WebGL2', async () => {
    const withoutWebgl = `const original = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
        return kind === 'webgl2' ? null : original.call(this, kind, ...rest);
      };`;
    const test = async () => {
      await bare();
      expect(await wrongPixels('focal', allLevels, 'max', true, 3)).toEqual([]);
    };
    await open(analysis, whitePicture, test, withoutWebgl);
  });

  it('shows on hover what the columns hold', async () => {
    await open(analysis, slidePicture(options), async () => {
      const { x, y, scale } = await pictureBox(page);
      const random = seededRandom(12);
      for (let i = 0; i < 12; i++) {
        const point = { x: 5 + random() * 630, y: 5 + random() * 470 };
        const mask = i < 6 ? allLevels : 1 << 1;
        if (i === 6) await chip('P4').check();
        await page.mouse.move(Math.round(x + point.x * scale), Math.round(y + point.y * scale));
        const at = {
          x: (Math.round(x + point.x * scale) - x) / scale,
          y: (Math.round(y + point.y * scale) - y) / scale,
        };
        const [hit] = anchorsAt(image, image.columns.focal, mask, at);
        if (hit === undefined) continue;
        const record = anchorRecord(image, hit.anchor);
        const tip = page.locator('.tip');
        const text = await tip.innerText();
        expect(text).toContain(`${record.level} · ${record.size} px`);
        expect(text).toContain(loss(record.crossEntropy));
        expect(text).toContain(loss(record.focal));
        if (record.pt !== null) expect(text).toContain(`${probability(record.pt)} ${record.band}`);
        expect(text).toContain(argumentSentence(record));
      }
    });
  });

  it('pins an anchor on click and goes through its neighbours by key', async () => {
    await open(analysis, slidePicture(options), async () => {
      const { x, y, scale } = await pictureBox(page);
      await page.mouse.click(Math.round(x + 400 * scale), Math.round(y + 350 * scale));
      const heading = page.locator('.inspection h2');
      await heading.waitFor();
      const at = { x: (Math.round(x + 400 * scale) - x) / scale, y: (Math.round(y + 350 * scale) - y) / scale };
      const hits = anchorsAt(image, image.columns.focal, allLevels, at);
      const named = (i: number) => {
        const record = anchorRecord(image, hits[i].anchor);
        return `${record.level} · ${record.size} px`;
      };
      expect(await heading.innerText()).toContain(named(0));
      expect(await page.locator('.inspection').innerText()).toContain('need the model');
      await page.locator('.neighbours').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await settle();
      expect(await heading.innerText()).toContain(named(2));
      expect(await page.locator('.inspection header').innerText()).toContain(`3 of ${hits.length} here`);
      await page.locator('.stage').focus();
      await page.keyboard.press('Escape');
      await settle();
      expect(await page.locator('.inspection').count()).toBe(0);
    });
  });

  it('zooms and pans by key, and fits again', async () => {
    await open(analysis, slidePicture(options), async () => {
      const fitted = await pictureBox(page);
      await page.locator('.stage').focus();
      await page.keyboard.press('+');
      await settle();
      const zoomed = await pictureBox(page);
      expect(zoomed.scale / fitted.scale).toBeCloseTo(1.5, 3);
      await page.keyboard.press('ArrowRight');
      await settle();
      expect((await pictureBox(page)).x).toBeCloseTo(zoomed.x - 60, 1);
      await page.keyboard.press('1');
      await settle();
      expect((await pictureBox(page)).scale).toBeCloseTo(1, 5);
      await page.keyboard.press('0');
      await settle();
      expect(await pictureBox(page)).toEqual(fitted);
      await page.locator('.rows.labels .link').first().click();
      await settle();
      expect((await pictureBox(page)).scale).toBeGreaterThan(fitted.scale);
    });
  });

  it('draws the same after the graphics context was lost and restored', async () => {
    await open(analysis, slidePicture(options), async () => {
      await page.mouse.move(2, 2);
      await settle();
      const before = await page.locator('.stage').screenshot();
      await page.evaluate(`(async () => {
        const canvas = document.querySelector('canvas.heat');
        const lose = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
        const event = name => new Promise(resolve => canvas.addEventListener(name, resolve, { once: true }));
        const lost = event('webglcontextlost');
        lose.loseContext();
        await lost;
        await new Promise(resolve => setTimeout(resolve, 50));
        const restored = event('webglcontextrestored');
        lose.restoreContext();
        await restored;
      })()`);
      await settle();
      // Blending in software may round to the next of 255 levels.
      expect(await largestDifference(await page.locator('.stage').screenshot(), before)).toBeLessThanOrEqual(1);
    });
  });

  it('shows names from data sets as text, whatever they hold', async () => {
    const nasty = '<img src=x onerror=alert(1)>';
    const classes = options.classes.map(name => (name === 'RBC' ? nasty : name));
    const labels = options.labels?.map(label => ({
      ...label,
      category: label.category === 'RBC' ? nasty : label.category,
    }));
    const hostile = syntheticAnalysis({ ...options, classes, labels });
    const shown = { ...hostile, notes: [`</script><script>alert(2)</script>`, ...hostile.notes] };
    await open(shown, slidePicture(options), async () => {
      await page.evaluate(`document.querySelectorAll('details').forEach(d => { d.open = true; })`);
      const { x, y, scale } = await pictureBox(page);
      await page.mouse.click(x + 70 * scale, y + 80 * scale);
      await settle();
      await page.locator('[data-section="classes"] .link').first().click();
      await page.locator('[data-section="labels"] .link').first().click();
      await settle();
      expect(await page.locator('.filter-bar').innerText()).toContain(`class ${nasty}`);
      expect(await page.locator('[data-section="anchors"]').innerText()).toContain(nasty);
      expect(await page.locator('[data-section="detections"]').innerText()).toContain(nasty);
      expect(await page.locator('#app img').count()).toBe(1);
      expect(await page.locator('#app script').count()).toBe(0);
      expect(await page.locator('.rows.labels').innerText()).toContain(`${nasty} #`);
      expect(await page.locator('.notes').innerText()).toContain('</script><script>alert(2)</script>');
    });
  });

  it('says of losses that nobody can recompute that they are near, and only of those', async () => {
    await open(analysis, slidePicture(options), async () => {
      const [tile, status] = [page.locator('.tile dd').first(), page.locator('.what-if [role=status]')];
      const own = await tile.innerText();
      expect(own).not.toContain('≈');
      await page.getByLabel('Gamma', { exact: true }).focus();
      for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowLeft');
      await settle();
      expect(await status.innerText()).toBe('≈ within 0.5%');
      expect(await status.getAttribute('title')).toContain('need the model, which a report does not hold');
      expect(await tile.innerText()).toMatch(/^≈ [\d.]+$/);
      expect(await page.locator('.status').innerText()).toContain(`classification ${await tile.innerText()}`);
      // Bands alone change no loss.
      await page.getByRole('button', { name: 'Back to the model’s own loss' }).click();
      await page.getByLabel('Easy from this p_t', { exact: true }).focus();
      await page.keyboard.press('ArrowLeft');
      await settle();
      expect(await status.innerText()).toBe('');
      expect(await tile.innerText()).toBe(own);
    });
  });

  it('says that there are no labels', async () => {
    await open(syntheticAnalysis({ ...options, labels: undefined }), slidePicture(options), async () => {
      expect(await page.locator('.banner').innerText()).toContain('No label file was found');
      expect(await page.locator('.panel').innerText()).toContain('foreground: none here');
    });
  });

  const endless = 'a_class_name_with_underscores_that_goes_on_and_on_and_never_comes_to_an_end';
  const long = syntheticAnalysis({
    ...options,
    classes: options.classes.map(name => (name === 'RBC' ? endless : name)),
    labels: options.labels?.map(label => (label.category === 'RBC' ? { ...label, category: endless } : label)),
  });

  it.each([
    [1400, 900, 'short', analysis],
    [1000, 800, 'long', long],
    [600, 900, 'short', analysis],
    [600, 900, 'long', long],
    [500, 700, 'long', long],
  ])('keeps everything within %i x %i pixels, where classes have %s names', async (width, height, _, shown) => {
    await open(shown, slidePicture(options), async () => {
      await page.setViewportSize({ width, height });
      await page.evaluate(`document.querySelectorAll('details').forEach(d => { d.open = true; })`);
      await settle();
      const overflowing = await page.evaluate(`(() => {
        const panel = document.querySelector('.panel');
        const wide = [...panel.querySelectorAll(':not(.section-nav *)')].filter(e => e.getBoundingClientRect().right > panel.getBoundingClientRect().right + 1);
        const cut = [...document.querySelectorAll('.toolbar *, .legend *, .status *')].filter(e => e.getBoundingClientRect().right > innerWidth);
        const page = document.scrollingElement;
        // Of a score or a label's number nothing goes into a second line, and lists keep their rows low.
        const broken = [...panel.querySelectorAll('.card-head .dim, .rows.labels .link, .detections .link')].filter(e => e.getBoundingClientRect().height > 24);
        return [broken.length, page.scrollWidth - innerWidth, page.scrollHeight - innerHeight, panel.scrollWidth - panel.clientWidth, wide.length, cut.length];
      })()`);
      expect(overflowing).toEqual([0, 0, 0, 0, 0, 0]);
    });
  });
});

/** Of two pictures of one size, over all color channels, in levels of 255. */
async function largestDifference(a: Buffer, b: Buffer): Promise<number> {
  const [left, right] = [await sharp(a).raw().toBuffer(), await sharp(b).raw().toBuffer()];
  expect(left.length).toBe(right.length);
  return left.reduce((largest, value, i) => Math.max(largest, Math.abs(value - right[i])), 0);
}
