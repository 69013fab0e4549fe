import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lensFrame, openFile, runCommand } from '../../scripts/vscode/workbench.mjs';
import { shownLens } from './support/lens.mjs';
import { patience } from './support/patience.mjs';
import { toast } from './support/workbench.mjs';

export const title = 'a cancelled analysis says so, and can be had after all';

export async function run(session) {
  const folder = session.copySample();
  const card = join(folder, 'model.json');
  const original = readFileSync(card, 'utf8');
  // So large an input that there is time to change one's mind.
  writeFileSync(card, JSON.stringify({ ...JSON.parse(original), minSize: 3000, maxSize: 4000 }));
  const page = await session.open(folder);
  await openFile(page, 'images/harbour-05.jpg');
  await runCommand(page, 'Focal Lens: Analyze Image');
  const progress = toast(page, 'running the network');
  await progress.waitFor();
  await progress.getByRole('button', { name: 'Cancel' }).click();
  const lens = await lensFrame(page, patience, 'harbour-05.jpg');
  await lens.getByText('was cancelled').waitFor();
  await progress.waitFor({ state: 'detached' });
  assert.equal(await lens.getByText(/% of the anchors/).count(), 0);

  writeFileSync(card, original);
  await lens.getByRole('button', { name: 'Analyze again' }).click();
  await shownLens(page, 'harbour-05.jpg');
}
