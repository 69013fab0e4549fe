import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds } from '../../src/extension/commandIds';
import { report } from './report';
import { extension } from './support';

// The first file of the suite: see index.ts.
describe('activation', () => {
  it('waits for the first command', () => {
    assert.equal(extension().isActive, false);
  });

  it('takes less than 200 ms and starts no engine', async () => {
    await windowAtRest();
    const start = performance.now();
    await extension().activate();
    const milliseconds = performance.now() - start;
    report({ type: 'note', text: `activation took ${milliseconds.toFixed(0)} ms` });
    assert.ok(milliseconds < 200, `${milliseconds} ms`);
    assert.equal(extension().exports.enginePid, undefined);
  });

  it('registers every contributed command', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      Object.values(commandIds).filter(id => !registered.has(id)),
      [],
    );
  });
});

/** Waits until the window has finished opening: until then, what is measured is its own start. */
async function windowAtRest(): Promise<void> {
  let quiet = 0;
  for (let attempt = 0; attempt < 300 && quiet < 10; attempt++) {
    const start = performance.now();
    await vscode.commands.executeCommand('setContext', 'focalLens.atRest', attempt);
    quiet = performance.now() - start < 15 ? quiet + 1 : 0;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
