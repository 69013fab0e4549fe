import assert from 'node:assert/strict';
import { runCommand } from '../../scripts/vscode/workbench.mjs';

export const title = 'the packaged extension activates in less than 100 ms';

/** Windows that are tried: the machine may be busy with another while one activates. */
const attempts = 5;

export async function run(session) {
  const page = await session.open();
  const taken = [];
  while (taken.length < attempts && !(Math.min(...taken) < 100)) {
    if (taken.length > 0) await page.reload();
    await runCommand(page, 'Focal Lens: Show Log');
    await page.locator('.composite.panel', { hasText: 'Focal Lens' }).waitFor();
    await runCommand(page, 'Developer: Show Running Extensions');
    const row = page.locator('.runtime-extensions-editor .extension', { hasText: 'Focal Lens' });
    const text = await row.innerText();
    const [, milliseconds] = /Activation: (\d+)ms/.exec(text) ?? assert.fail(text);
    taken.push(Number(milliseconds));
  }
  session.note(`activated in ${taken.join(', ')} ms`);
  assert.ok(Math.min(...taken) < 100, `${taken.join(', ')} ms`);
}
