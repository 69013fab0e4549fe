import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFile, runCommand } from '../../scripts/vscode/workbench.mjs';
import { inspectCenter, shownLens, tiles } from './support/lens.mjs';
import { engines } from './support/processes.mjs';
import { eventually } from './support/patience.mjs';

export const title = 'two windows analyze at once, each with labels and an engine of its own';

export async function run(session) {
  const folders = [session.copySample('left'), session.copySample('right')];
  // Nothing is labelled on the right.
  writeFileSync(join(folders[1], 'labels.json'), '{"images": [], "annotations": [], "categories": []}\n');
  const pages = [];
  for (const folder of folders) pages.push(await session.open(folder));
  for (const page of pages) {
    await page.bringToFront();
    await openFile(page, 'images/harbour-05.jpg');
  }
  await Promise.all(
    pages.map(async page => {
      await runCommand(page, 'Focal Lens: Analyze Image');
      await shownLens(page, 'harbour-05.jpg');
    }),
  );
  assert.equal(engines(session.extension).length, 2);
  const [left, right] = await Promise.all(pages.map(async page => tiles(await shownLens(page, 'harbour-05.jpg'))));
  assert.notEqual(left['foreground anchors'], '0');
  assert.equal(right['foreground anchors'], '0');

  await pages[1].close();
  await eventually('one engine left', () => engines(session.extension).length === 1);
  // The other one still answers: what an anchor's terms are, only its engine knows.
  await pages[0].bringToFront();
  const lens = await shownLens(pages[0], 'harbour-05.jpg');
  await inspectCenter(pages[0], lens);
}
