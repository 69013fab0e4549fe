import assert from 'node:assert/strict';
import { openFile, runCommand } from '../../scripts/vscode/workbench.mjs';
import { shownLens, tiles } from './support/lens.mjs';
import { reload } from './support/workbench.mjs';

export const title = 'a reloaded window shows the lens as it was left';

export async function run(session) {
  const page = await session.open(session.copySample());
  await openFile(page, 'images/harbour-07.jpg');
  await runCommand(page, 'Focal Lens: Analyze Image');
  const lens = await shownLens(page, 'harbour-07.jpg');
  const before = await tiles(lens);
  await lens.getByRole('radio', { name: 'Cross entropy' }).check();
  await lens.getByText('Cross entropy, strongest per place').waitFor();

  await reload(page, 'mainThreadWebview-focalLens.lens', 'crossEntropy');
  const restored = await shownLens(page, 'harbour-07.jpg');
  assert.deepEqual(await tiles(restored), before);
  assert.equal(await restored.getByRole('radio', { name: 'Cross entropy' }).isChecked(), true);
}
