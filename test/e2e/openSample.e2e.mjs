import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openFile, runCommand } from '../../scripts/vscode/workbench.mjs';
import { shownLens } from './support/lens.mjs';
import { grantTrust, statusBarItem } from './support/workbench.mjs';

export const title = 'Open Sample Dataset copies it where one says, and its model needs no choosing';
export const settings = { 'security.workspace.trust.enabled': true };

export async function run(session) {
  const parent = join(session.folder, 'samples');
  mkdirSync(join(parent, 'other'), { recursive: true });
  const page = await session.open();
  await runCommand(page, 'Focal Lens: Open Sample Dataset');
  const dialog = page.locator('.quick-input-widget');
  await dialog.getByText('Choose where the sample dataset is to live').waitFor();
  await dialog.locator('input').first().fill(`${parent}/`);
  // Until it lists that folder, the dialog takes the one it began with.
  await dialog.locator('.monaco-list-row', { hasText: 'other' }).waitFor();
  await dialog.getByRole('button', { name: 'Copy Sample Here' }).click();

  const opened = url => url.searchParams.get('folder') === join(parent, 'focal-lens-harbour');
  // Its "load" would wait for every last file of the workbench.
  await page.waitForURL(opened, { waitUntil: 'commit' });
  await statusBarItem(page, 'Restricted Mode').click();
  await grantTrust(page);
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'labels.json' }).waitFor();
  const copy = join(parent, 'focal-lens-harbour');
  assert.equal(readdirSync(join(copy, 'images')).length, 60);
  // The answers stay out of the copy.
  assert.equal(existsSync(join(copy, 'planted.json')), false);

  await openFile(page, 'images/harbour-01.jpg');
  await runCommand(page, 'Focal Lens: Analyze Image');
  await shownLens(page, 'harbour-01.jpg');
}
