import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFile, runCommand } from '../../scripts/vscode/workbench.mjs';
import { shownLens, tiles } from './support/lens.mjs';
import { eventually } from './support/patience.mjs';
import { save, showTab } from './support/workbench.mjs';

export const title = 'a quick fix of a problem corrects the label in its file, and the loss follows';

export async function run(session) {
  const folder = session.copySample();
  const page = await session.open(folder);
  await openFile(page, 'images/harbour-05.jpg');
  await runCommand(page, 'Focal Lens: Analyze Image');
  const lens = await shownLens(page, 'harbour-05.jpg');
  const { classification: before } = await tiles(lens);
  const count = labelCount(folder);

  await page.keyboard.press('Control+Shift+M');
  await page.locator('.panel input[placeholder^="Filter"]').fill('boat: nothing there');
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'boat: nothing there' });
  await problem.first().dblclick();
  await page.locator('.tab.active', { hasText: 'labels.json' }).waitFor();
  await page.locator('.view-line', { hasText: /"id":\s*2835\b/ }).waitFor();
  await page.locator('.monaco-editor.focused').waitFor();
  const fix = page.locator('.action-widget .monaco-list-row', { hasText: 'Remove this label' }).first();
  // A key pressed while the editor is still finding its place opens nothing.
  await eventually('the quick fixes', async () => {
    await page.keyboard.press('Control+.');
    return fix.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    );
  });
  await session.keep(page, 'problems');
  await fix.click();
  await page.locator('.tab.active.dirty', { hasText: 'labels.json' }).waitFor();
  await save(page);
  assert.equal(labelCount(folder), count - 1);
  assert.ok(!readFileSync(join(folder, 'labels.json'), 'utf8').includes('"id": 2835'));
  await problem.first().waitFor({ state: 'detached' });

  await showTab(page, 'Lens: harbour-05.jpg');
  const after = await shownLens(page, 'harbour-05.jpg');
  await eventually('a smaller loss', async () => Number((await tiles(after)).classification) < Number(before));
}

function labelCount(folder) {
  return JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8')).annotations.length;
}
