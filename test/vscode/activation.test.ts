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

  // This build is not minified; the packaged one is held to 100 ms where it is installed.
  it('takes little processor time and starts no engine', async () => {
    await windowAtRest();
    const [start, before] = [performance.now(), process.cpuUsage()];
    await extension().activate();
    const { user, system } = process.cpuUsage(before);
    const [clock, processor] = [performance.now() - start, (user + system) / 1000];
    const text = `activation took ${processor.toFixed(0)} ms of processor time, ${clock.toFixed(0)} ms by the clock`;
    report({ type: 'note', text });
    // The clock goes on while other programs have the processors; what else the host's threads do is counted in.
    assert.ok(Math.min(processor, clock) < 400, text);
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
