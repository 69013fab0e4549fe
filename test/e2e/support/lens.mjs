// The lens's page, as one sees and touches it.
import assert from 'node:assert/strict';
import { lensFrame } from '../../../scripts/vscode/workbench.mjs';
import { patience } from './patience.mjs';

/** Waits until the lens on `image` shows an analysis: its opening sentence, the whole picture, and a heatmap on it. */
export async function shownLens(page, image = '') {
  const lens = await analysisFrame(page, image);
  const picture = lens.locator('img').first();
  await picture.waitFor({ timeout: patience });
  // decode() waits for the file and fails where it does not arrive.
  const natural = await picture.evaluate(shown => shown.decode().then(() => shown.naturalWidth / shown.naturalHeight));
  const { width, height } = await picture.boundingBox();
  assert.ok(Math.abs(width / height / natural - 1) < 0.02, `the picture is distorted: ${width} x ${height}`);
  const canvas = await lens.locator('canvas').first().screenshot();
  // A blank canvas compresses to next to nothing.
  assert.ok(canvas.length > 3_000, `the canvas looks blank: ${canvas.length} bytes as PNG`);
  return lens;
}

/** Clicks in the middle of the picture, and waits for the terms of the anchor there. */
export async function inspectCenter(page, lens) {
  const box = await lens.locator('canvas').first().boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await lens.getByText('logit').first().waitFor();
}

/** The figures on top of the panel by their names, as they are written there. */
export async function tiles(lens) {
  const texts = await lens
    .locator('dl.tiles .tile')
    .evaluateAll(all =>
      all.map(tile => [tile.querySelector('dt').textContent.trim(), tile.querySelector('dd').textContent.trim()]),
    );
  return Object.fromEntries(texts);
}

/** Anchors of each group, as the breakdown writes them. */
export function groupCounts(lens) {
  return lens.locator('table.breakdown tbody td:nth-child(2) .dim').allInnerTexts();
}

/** Rows of the table of labels: each label's name, its matched anchors and its focal loss, as written there. */
export function labelRows(lens) {
  return lens.locator('table.labels tbody tr:not(.remark)').evaluateAll(rows =>
    rows.map(row => ({
      name: row.querySelector('button.link').innerText.trim(),
      anchors: row.cells[1].innerText.trim(),
      loss: row.querySelector('td.amount b').innerText.trim(),
    })),
  );
}

async function analysisFrame(page, image) {
  for (;;) {
    const lens = await lensFrame(page, patience, image);
    try {
      const sentence = lens.getByText(/% of the anchors/).first();
      await sentence.waitFor({ timeout: patience });
      return lens;
    } catch (error) {
      // A page that stays blank is loaded again, in another frame.
      if (!lens.isDetached()) throw error;
    }
  }
}
