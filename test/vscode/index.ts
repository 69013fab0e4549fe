import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type Mocha from 'mocha';
import * as vscode from 'vscode';
import { report } from './report';

/** Entry point of the extension host (`extensionTestsPath`): runs every `*.test.js` beside this file. */
export async function run(): Promise<void> {
  const { default: MochaClass } = await import('mocha');
  const mocha = new MochaClass({
    ui: 'bdd',
    timeout: 60_000,
    reporter: silentReporter,
    forbidOnly: true,
    ...(process.env.FOCAL_LENS_GREP ? { grep: process.env.FOCAL_LENS_GREP } : {}),
  });
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter(name => name.endsWith('.test.js')).sort()) mocha.addFile(join(__dirname, file));
  await mocha.loadFilesAsync();
  report({ type: 'start', vscode: vscode.version, node: process.version });
  const failures = await new Promise<number>(resolve => {
    follow(mocha.run(resolve));
  });
  report({ type: 'end' });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}

// What mocha calls a reporter is a constructor; results are written by `follow` instead.
function silentReporter(): void {
  // Nothing to do.
}

function follow(runner: Mocha.Runner): void {
  runner.on('pass', test => report({ type: 'pass', title: test.fullTitle(), milliseconds: test.duration ?? 0 }));
  runner.on('pending', test => report({ type: 'pending', title: test.fullTitle() }));
  runner.on('fail', (test, error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    report({ type: 'fail', title: test.fullTitle(), error: text });
  });
}
