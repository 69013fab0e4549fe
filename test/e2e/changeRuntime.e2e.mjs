import assert from 'node:assert/strict';
import { openFile, runCommand } from '../../scripts/vscode/workbench.mjs';
import { shownLens, tiles } from './support/lens.mjs';
import { eventually } from './support/patience.mjs';
import { quickPickRow, showTab, statusBarItem } from './support/workbench.mjs';

export const title = 'another runtime, chosen from the status bar, runs the open lens again to the same losses';

export async function run(session) {
  const page = await session.open(session.copySample());
  await openFile(page, 'images/harbour-05.jpg');
  await runCommand(page, 'Focal Lens: Analyze Image');
  const before = await tiles(await shownLens(page, 'harbour-05.jpg'));
  await statusBarItem(page, 'ONNX Runtime · CPU').click();
  await quickPickRow(page, 'ONNX Runtime · CPU').waitFor();
  await quickPickRow(page, 'Choose Runtime').click();
  const setting = page.locator('.settings-editor .setting-item-contents', { hasText: 'Runtime' });
  await setting.locator('select').first().selectOption('wasm');
  await statusBarItem(page, 'WebAssembly').waitFor();

  await showTab(page, 'Lens: harbour-05.jpg');
  const lens = await shownLens(page, 'harbour-05.jpg');
  await eventually('the lens naming WebAssembly', async () =>
    (await lens.locator('body').innerText()).includes('WebAssembly'),
  );
  assert.deepEqual(await tiles(lens), before);
}
