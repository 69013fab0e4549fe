import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { anchorState, type Analysis } from '../../../src/protocol/analysis';
import { anchorCsv } from '../../../src/protocol/anchorCsv';
import { detectionVerdicts, missedLabels } from '../../../src/protocol/detectionVerdicts';
import { noFilter } from '../../../src/webview/lens/anchorFilter';
import { keptAnchors, orderedAnchors } from '../../../src/webview/lens/anchorOrder';
import { anchorRecord } from '../../../src/webview/lens/anchorRecord';
import { strongestCentred } from '../../../src/webview/lens/centredAnchors';
import { lensImage } from '../../../src/webview/lens/lensImage';
import { defaultViewState } from '../../../src/webview/lens/viewState';
import { labelName } from '../../../src/webview/words/anchorSentence';
import { count, loss } from '../../../src/webview/words/format';
import { stateNames } from '../../../src/webview/words/stateNames';
import { verdictWords } from '../../../src/webview/words/verdictNames';
import { BrowserPages, settled } from '../helpers/browserPages';
import { chromiumPath, writeReport } from '../helpers/lensPage';
import { cellSlide, slidePicture, syntheticAnalysis } from '../helpers/syntheticAnalysis';

const options = cellSlide();
const analysis = syntheticAnalysis(options);
const image = lensImage('slide', '', analysis);

describe.skipIf(chromiumPath === undefined)('the panel in a browser', () => {
  const pages = new BrowserPages();
  let page: Page;

  async function open(test: () => Promise<void>, more: readonly Analysis[] = []): Promise<void> {
    const others = more.map((other, i) => ({
      title: `other ${i + 1}`,
      imageUri: slidePicture(options),
      analysis: other,
    }));
    const url = await pages.write((folder, bundle) =>
      writeReport(folder, bundle, analysis, slidePicture(options), 'panel', others),
    );
    page = await pages.open();
    await page.goto(url);
    await page.locator('.panel').waitFor();
    await settle();
    await test();
  }

  const settle = () => settled(page);
  const section = (name: string) => page.locator(`[data-section="${name}"]`);
  const anchorRows = () => section('anchors').locator('tbody tr:not(.spacer)');
  const stateOf = (anchor: number) => stateNames[anchorRecord(image, anchor).state];
  const nameOf = (anchor: number) => {
    const { level, size } = anchorRecord(image, anchor);
    return `${level} · ${size} px`;
  };

  it('shows one group of the breakdown alone, adds another, and all again', async () => {
    await open(async () => {
      const group = (name: string) => page.locator('.breakdown .group', { hasText: name });
      const note = section('anchors').locator('.note');
      await group('background hard').click();
      await settle();
      const hard = analysis.breakdown[2];
      expect(await note.innerText()).toContain(`${count(hard.anchors)} anchors pass the filter`);
      expect(await page.locator('.filter-bar').innerText()).toContain('background hard');
      expect(await group('background hard').getAttribute('aria-pressed')).toBe('true');
      await group('foreground hard').click({ modifiers: ['Control'] });
      await settle();
      expect(await note.innerText()).toContain(count(hard.anchors + analysis.breakdown[5].anchors));
      await page.locator('.filter-bar .link').click();
      await settle();
      expect(await page.locator('.filter-bar').count()).toBe(0);
      expect(await note.innerText()).toContain(`${count(analysis.anchors.total)} anchors`);
    });
  });

  it('lists all anchors, draws few rows, and sorts by any heading', async () => {
    await open(async () => {
      const hardest = orderedAnchors(image.columns, { key: 'focal', descending: true });
      expect(await anchorRows().first().innerText()).toContain(nameOf(hardest[0]));
      expect(await anchorRows().count()).toBeLessThan(60);
      const table = section('anchors').locator('table');
      expect(await table.getAttribute('aria-rowcount')).toBe(String(analysis.anchors.total + 1));
      const heading = section('anchors').locator('th', { hasText: 'p_t' });
      await heading.locator('.sort').click();
      await settle();
      expect(await heading.getAttribute('aria-sort')).toBe('descending');
      await heading.locator('.sort').click();
      await settle();
      expect(await heading.getAttribute('aria-sort')).toBe('ascending');
      const unsure = orderedAnchors(image.columns, { key: 'pt', descending: false });
      expect(await anchorRows().first().innerText()).toContain(nameOf(unsure[0]));
      expect(await anchorRows().first().innerText()).toContain(loss(image.columns.focal[unsure[0]]));
    });
  });

  it('goes through the list by keys: to its end, back a page, and inspects', async () => {
    await open(async () => {
      const order = orderedAnchors(image.columns, { key: 'focal', descending: true });
      const table = section('anchors').getByRole('grid');
      await table.focus();
      await page.keyboard.press('End');
      await settle();
      const last = section('anchors').locator('tr.active');
      expect(await last.getAttribute('aria-rowindex')).toBe(String(order.length + 1));
      expect(await last.isVisible()).toBe(true);
      expect(await table.getAttribute('aria-activedescendant')).toBe(await last.getAttribute('id'));
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.locator('.inspection').waitFor();
      expect(await page.locator('.inspection h2').innerText()).toContain(nameOf(order[2]));
      expect(await section('anchors').locator('tr.active').innerText()).toContain(stateOf(order[2]));
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Shift+Enter');
      const compared = page.locator('.comparison');
      await compared.waitFor();
      expect(await compared.locator('thead').innerText()).toContain(nameOf(order[3]));
      expect(await page.locator('.inspection h2').innerText()).toContain(nameOf(order[2]));
      // Why each of the two is what it is.
      expect(await compared.locator('p').allInnerTexts()).toEqual([
        expect.stringMatching(new RegExp(`^A ${stateOf(order[2])}, `, 'i')),
        expect.stringMatching(new RegExp(`^B ${stateOf(order[3])}, `, 'i')),
      ]);
    });
  });

  it('shows the anchors matched to a label, and zooms to it', async () => {
    await open(async () => {
      const before = await page.locator('.picture').boundingBox();
      const costliest = analysis.labels
        .map((label, index) => ({ label, index }))
        .sort((a, b) => b.label.classification - a.label.classification)[0];
      await section('labels').locator('.link').first().click();
      await settle();
      expect(await page.locator('.filter-bar').innerText()).toContain(`matched to ${labelName(costliest.label)}`);
      expect(await section('anchors').locator('.note').innerText()).toContain(`${costliest.label.anchors} anchors`);
      const passing = image.passing({ ...noFilter, label: costliest.index });
      const [first] = keptAnchors(orderedAnchors(image.columns, { key: 'focal', descending: true }), passing);
      expect(image.columns.state[first]).toBe(anchorState.foreground);
      expect(await anchorRows().first().innerText()).toContain(nameOf(first));
      expect((await page.locator('.picture').boundingBox())?.width).toBeGreaterThan(before?.width ?? Infinity);
    });
  });

  it('brings one to a suspicion and inspects its strongest anchor, whatever was filtered', async () => {
    await open(async () => {
      const before = await page.locator('.picture').boundingBox();
      const suspicions = [...analysis.issues].sort((a, b) => b.score - a.score);
      const index = suspicions.findIndex(({ kind }) => kind === 'missing');
      const [x, y, width, height] = suspicions[index].bbox;
      const anchor = strongestCentred(image, [x, y, x + width, y + height]);
      await section('labels').locator('.link').first().click();
      await section('issues').locator('.card').nth(index).click();
      await page.locator('.inspection').waitFor();
      expect(await page.locator('.inspection h2').innerText()).toContain(nameOf(anchor ?? NaN));
      expect(await page.locator('.filter-bar').count()).toBe(0);
      expect((await page.locator('.picture').boundingBox())?.width).toBeGreaterThan(before?.width ?? Infinity);
    });
  });

  it('shows the inspection of an anchor chosen on the picture, however far the panel is scrolled', async () => {
    await open(async () => {
      const scrolled = () => page.evaluate(`document.querySelector('.panel-scroll').scrollTop`);
      await page.evaluate(`document.querySelector('.panel-scroll').scrollTo(0, 900)`);
      expect(await scrolled()).toBe(900);
      await page.mouse.click(300, 400);
      await page.locator('.inspection').waitFor();
      await settle();
      expect(await scrolled()).toBe(0);
      // Whoever chooses from the list stays there.
      await section('anchors').getByRole('grid').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await settle();
      expect(await scrolled()).toBeGreaterThan(0);
    });
  });

  it('sorts labels by their class, and by best IoU', async () => {
    await open(async () => {
      const names = () => section('labels').locator('tbody th .link').allInnerTexts();
      await section('labels').locator('.sort', { hasText: 'label' }).click();
      await settle();
      const categories = (await names()).map(name => name.split(' ')[0] ?? '');
      expect(categories).toEqual([...categories].sort());
      await section('labels').locator('.sort', { hasText: 'best IoU' }).click();
      await settle();
      const best = [...analysis.labels].sort((a, b) => b.bestIou - a.bestIou)[0];
      expect((await names())[0]).toBe(labelName(best));
    });
  });

  it('says of every detection what TIDE says, and which labels nobody finds', async () => {
    await open(async () => {
      const verdicts = detectionVerdicts(analysis.detections, analysis.labels);
      const threshold = defaultViewState.scoreThreshold;
      const shown = verdicts.filter((_, d) => analysis.detections[d].score >= threshold);
      const rows = await section('detections').locator('tbody tr').allInnerTexts();
      expect(rows).toHaveLength(shown.length);
      shown.forEach(({ kind }, i) => expect(rows[i]).toContain(verdictWords[kind].name));
      // The slide was made with a detection of another class and one without label.
      const kinds = new Set(shown.map(({ kind }) => kind));
      expect([...kinds]).toEqual(expect.arrayContaining(['truePositive', 'wrongClass', 'background']));
      const missed = missedLabels(analysis.detections, analysis.labels, verdicts, threshold);
      expect(missed.length).toBeGreaterThan(0);
      const said = await section('detections').locator('.missed').innerText();
      for (const index of missed) expect(said).toContain(labelName(analysis.labels[index]));
    });
  });

  it('colors boxes of wrong detections, and none where the user does not want it', async () => {
    await open(async () => {
      await page.locator('.legend vscode-checkbox[label="Heatmap"]').click();
      await page.locator('vscode-checkbox[label="Labels"]').click();
      await page.mouse.move(2, 2);
      await settle();
      const red = async () => {
        const { data, info } = await sharp(await page.locator('canvas.vectors').screenshot())
          .removeAlpha()
          .raw()
          .toBuffer({ resolveWithObject: true });
        let pixels = 0;
        for (let i = 0; i < data.length; i += info.channels) {
          if (data[i] > 230 && data[i + 1] > 90 && data[i + 1] < 125 && data[i + 2] < 120) pixels++;
        }
        return pixels;
      };
      expect(await red()).toBeGreaterThan(50);
      await section('detections').locator('vscode-checkbox').click();
      await settle();
      expect(await red()).toBe(0);
    });
  });

  it('lists the classes, and shows one alone', async () => {
    await open(async () => {
      const rows = await section('classes').locator('tbody tr').count();
      expect(rows).toBeGreaterThanOrEqual(3);
      await section('classes').locator('.link', { hasText: 'WBC' }).click();
      await settle();
      expect(await page.locator('.filter-bar').innerText()).toContain('class WBC');
    });
  });

  it('keeps what the user has closed while sliders move', async () => {
    await open(async () => {
      await section('labels').locator('summary').click();
      await settle();
      await page.getByLabel('Score threshold of detections').fill('0.5');
      await settle();
      expect(await section('labels').getAttribute('open')).toBeNull();
      expect(await section('detections').locator('vscode-badge').innerText()).toContain('of score ≥ 0.50');
    });
  });

  it('opens the sheet of keys and gives the focus back', async () => {
    await open(async () => {
      await page.locator('.stage').focus();
      await page.keyboard.press('?');
      const sheet = page.getByRole('dialog', { name: 'Keys' });
      await sheet.waitFor();
      expect(await sheet.innerText()).toContain('next, previous image');
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'hidden' });
      expect(await page.evaluate(`document.activeElement.classList.contains('stage')`)).toBe(true);
    });
  });

  it('saves the picture with legend and breakdown, and the anchors as CSV', async () => {
    await open(async () => {
      const save = async (entry: string) => {
        await page.locator('.menu-below > summary').click();
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.locator('.menu-entry', { hasText: entry }).click(),
        ]);
        return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
      };
      const csv = await save('Anchors');
      expect(csv.name).toBe('slide_007-anchors.csv');
      expect(csv.content.toString('utf8')).toBe(anchorCsv(analysis));
      const png = await save('Picture');
      expect(png.name).toBe('slide_007-lens.png');
      const stage = await page.locator('.stage').boundingBox();
      const { width, height } = await sharp(png.content).metadata();
      const caption = Math.round(stage?.height ?? 0) + 62;
      expect(width).toBe(Math.round(stage?.width ?? 0));
      // Below the caption: sentence, losses, and a bar of cross entropy and of focal loss for each group.
      expect(height).toBeGreaterThan(caption + 260);
      const below = { left: 0, top: caption, width: width ?? 0, height: (height ?? 0) - caption };
      const block = await sharp(png.content).extract(below).removeAlpha().raw().toBuffer();
      const painted = (r: number, g: number, b: number) => {
        let pixels = 0;
        for (let i = 0; i < block.length; i += 3) {
          if (Math.hypot(block[i] - r, block[i + 1] - g, block[i + 2] - b) < 12) pixels++;
        }
        return pixels;
      };
      // Purple of the light or the dark theme, and orange.
      expect(painted(177, 128, 215) + painted(101, 45, 144)).toBeGreaterThan(400);
      expect(painted(209, 134, 22)).toBeGreaterThan(400);
      // What is saved is what is seen: the middle of the stage, pixel for pixel.
      await page.mouse.move(2, 2);
      await settle();
      const box = { x: Math.round(stage?.x ?? 0) + 200, y: Math.round(stage?.y ?? 0) + 200, width: 200, height: 200 };
      const seen = await sharp(await page.screenshot({ clip: box }))
        .removeAlpha()
        .raw()
        .toBuffer();
      const saved = await sharp(png.content)
        .extract({ left: 200, top: 200, width: 200, height: 200 })
        .removeAlpha()
        .raw()
        .toBuffer();
      const different = seen.filter((value, i) => Math.abs(value - saved[i]) > 12).length;
      expect(different / seen.length).toBeLessThan(0.02);
    });
  });

  it('copies a section as a table', async () => {
    await open(async () => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await section('levels').locator('summary').hover();
      await section('levels').locator('.copy').click();
      const text = await page.evaluate<string>('navigator.clipboard.readText()');
      const lines = text.split('\n');
      expect(lines).toHaveLength(analysis.anchors.levels.length + 1);
      expect(lines[1]?.split('\t')[0]).toBe('P3');
      expect(lines[1]).toContain(loss(analysis.anchors.levels[0].focal));
      expect(await section('levels').getAttribute('open')).not.toBeNull();
      await section('classes').locator('summary').hover();
      await section('classes').locator('.copy').click();
      const classes = await page.evaluate<string>('navigator.clipboard.readText()');
      expect(classes.split('\n')[0]).toBe('class\tlabels\tforeground FL\tbackground FL\tof all');
      await section('anchors').locator('summary').hover();
      await section('anchors').locator('.copy').click();
      const anchors = (await page.evaluate<string>('navigator.clipboard.readText()')).split('\n');
      expect(anchors).toHaveLength(1001);
    });
  });

  it('goes from image to image of a report by key and button', async () => {
    const other = syntheticAnalysis({ ...options, labels: undefined });
    await open(async () => {
      const place = page.locator('.neighbor-images');
      expect(await place.innerText()).toContain('1 / 2');
      await page.keyboard.press('n');
      await page.locator('.banner').waitFor();
      expect(await place.innerText()).toContain('2 / 2');
      expect(await page.getByLabel('Next image').isDisabled()).toBe(true);
      await page.getByLabel('Previous image').click();
      await page.locator('.banner').waitFor({ state: 'detached' });
      expect(await section('labels').locator('tbody th').count()).toBe(analysis.labels.length);
    }, [{ ...other, image: { ...other.image, file: '/data/slides/slide_008.jpg' } }]);
  });
});
