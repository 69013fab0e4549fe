import assert from 'node:assert/strict';
import { lensFrame, openFile, runCommand } from '../../scripts/vscode/workbench.mjs';
import { shownLens } from './support/lens.mjs';
import { patience } from './support/patience.mjs';
import { engines } from './support/processes.mjs';
import { grantTrust, showExplorer, showTab, toast } from './support/workbench.mjs';

export const title = 'restricted mode loads no checkpoint and says what to do; trust begins the analysis';
export const settings = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
};

export async function run(session) {
  const page = await session.open(session.copySample());
  await openFile(page, 'images/harbour-05.jpg');
  await runCommand(page, 'Focal Lens: Analyze Image');
  const message = toast(page, 'restricted mode');
  await message.waitFor();
  const lens = await lensFrame(page, patience, 'harbour-05.jpg');
  await lens.getByText('no checkpoint is loaded').first().waitFor();
  await showExplorer(page);
  await page.locator('.sidebar').getByText('In restricted mode no checkpoint is loaded').waitFor();
  assert.deepEqual(engines(session.extension), []);
  await session.keep(page, 'restrictedMode');

  await message.getByRole('button', { name: 'Manage Workspace Trust' }).click();
  await grantTrust(page);
  await showTab(page, 'Lens: harbour-05.jpg');
  await shownLens(page, 'harbour-05.jpg');
}
