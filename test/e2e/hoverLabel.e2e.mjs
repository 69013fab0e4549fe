import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openFile, runCommand } from '../../scripts/vscode/workbench.mjs';
import { shownLens } from './support/lens.mjs';

export const title = 'the pointer on a label in labels.json shows its loss and its place in the picture';

export async function run(session) {
  const folder = session.copySample();
  const page = await session.open(folder);
  await openFile(page, 'images/harbour-05.jpg');
  // Room for lens and labels beside each other.
  await page.keyboard.press('Control+B');
  await runCommand(page, 'Focal Lens: Analyze Image');
  const lens = await shownLens(page, 'harbour-05.jpg');
  await lens.getByRole('button', { name: 'Open the label file at boat #214' }).click();
  const line = page.locator('.view-line', { hasText: /"id":\s*214\b/ });
  await line.waitFor();
  const hover = page.locator('.monaco-hover:visible', { hasText: 'Label 214 of harbour-05.jpg' });
  await hovered(page, line, hover);

  const image = join(folder, 'images', 'harbour-05.jpg');
  const model = join(folder, 'model.safetensors');
  const expected = await session.commandLine('analyze', image, '--model', model, '--json');
  const { classification, bestIou } = expected.labels.find(({ id }) => id === '214');
  const text = await hover.innerText();
  assert.ok(text.includes(`Focal loss ${classification.toPrecision(3)}`), text);
  assert.ok(text.includes(`best IoU ${bestIou.toFixed(2)}`), text);
  const picture = hover.locator('img').first();
  await picture.waitFor();
  assert.ok(await picture.evaluate(shown => shown.decode().then(() => shown.naturalWidth > 20)));
  await session.keep(page, 'hover');
}

/** Rests the pointer on a line until its hover is there: it goes away with the first thing that moves under it. */
async function hovered(page, line, hover) {
  for (let attempt = 1; ; attempt++) {
    await line.hover({ position: { x: 60, y: 5 } });
    await line.hover({ position: { x: 70, y: 9 } });
    const shown = await hover.waitFor({ timeout: 20_000 }).catch(error => error);
    if (shown === undefined) return;
    if (attempt === 5) throw shown;
  }
}
