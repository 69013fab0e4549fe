import assert from 'node:assert/strict';
import { join } from 'node:path';
import { shownLens } from './support/lens.mjs';
import { eventually } from './support/patience.mjs';
import { pointerAway, reload, showExplorer, treeRow } from './support/workbench.mjs';

export const title = 'the loss explorer lists the suspicions of an analyzed dataset, opens one, and outlives a reload';

export async function run(session) {
  const folder = session.copySample();
  const page = await session.open(folder);
  await showExplorer(page);
  await page.locator('.sidebar').getByRole('button', { name: 'Analyze Dataset' }).first().click();
  const all = treeRow(page, 'Suspected Label Errors');
  await all.waitFor({ timeout: 8 * 60_000 });
  // The lists fill while the run goes on.
  await treeRow(page, 'Images by Loss')
    .filter({ hasText: /60$/ })
    .waitFor({ timeout: 8 * 60_000 });

  const store = join(folder, '.focal-lens', 'labels.json.sqlite');
  const { issues } = await session.commandLine('issues', store, '--json');
  assert.ok((await all.innerText()).endsWith(String(issues.length)), await all.innerText());
  const wrong = issues.filter(({ kind }) => kind === 'wrongClass');
  await treeRow(page, 'Wrong Class').click();
  const [first] = wrong;
  const row = treeRow(page, `${first.category}`).filter({ hasText: first.score.toFixed(2) });
  await row.waitFor();
  await row.click();
  await shownLens(page);
  await pointerAway(page);
  await session.keep(page, 'explorer');

  await reload(page, 'labels.json.sqlite');
  await showExplorer(page);
  await treeRow(page, 'Suspected Label Errors').waitFor();
  await eventually('the count of suspicions', async () =>
    (await treeRow(page, 'Suspected Label Errors').innerText()).includes(String(issues.length)),
  );
}
