import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openFile, runCommand } from '../../scripts/vscode/workbench.mjs';
import { groupCounts, labelRows, shownLens, tiles } from './support/lens.mjs';
import { pointerAway } from './support/workbench.mjs';

export const title = 'Analyze Image from the palette shows the numbers that the command line prints';

export async function run(session) {
  const folder = session.copySample();
  const page = await session.open(folder);
  await openFile(page, 'images/harbour-05.jpg');
  // Room for the lens.
  await page.keyboard.press('Control+B');
  await runCommand(page, 'Focal Lens: Analyze Image');
  const lens = await shownLens(page, 'harbour-05.jpg');
  await page.locator('.statusbar-item', { hasText: 'ONNX Runtime · CPU' }).waitFor();
  await pointerAway(page);
  await session.keep(page, 'lens');

  const image = join(folder, 'images', 'harbour-05.jpg');
  const model = join(folder, 'model.safetensors');
  const expected = await session.commandLine('analyze', image, '--model', model, '--json');
  const shown = await tiles(lens);
  assert.equal(shown.classification, expected.loss.classification.toPrecision(3));
  assert.equal(shown['box, GIoU'], expected.loss.boxRegression.toPrecision(3));
  assert.equal(shown['foreground anchors'], String(expected.anchors.foreground));
  assert.deepEqual(
    await groupCounts(lens),
    expected.breakdown.map(({ anchors }) => anchors.toLocaleString('en-US')),
  );

  const labels = await labelRows(lens);
  assert.equal(labels.length, expected.labels.length);
  for (const { category, id, anchors, classification } of expected.labels.filter(({ excluded }) => !excluded)) {
    const row = labels.find(({ name }) => name === `${category} #${id}`);
    assert.equal(row?.anchors, String(anchors), `anchors of ${category} #${id}`);
    if (classification >= 0.001) assert.equal(row.loss, classification.toPrecision(3), `loss of ${category} #${id}`);
  }
}
