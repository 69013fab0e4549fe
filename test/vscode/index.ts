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
    // For what hangs. A busy machine may take many times what a quiet one does.
    timeout: 180_000,
    // Results are written by `follow` instead; this one writes nothing.
    reporter: MochaClass.reporters.Base,
    forbidOnly: true,
    ...(process.env.FOCAL_LENS_GREP ? { grep: process.env.FOCAL_LENS_GREP } : {}),
  });
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' });
  // Activation first: any other test activates the extension.
  const tests = files.filter(name => name.endsWith('.test.js')).sort(byName);
  for (const file of tests) mocha.addFile(join(__dirname, file));
  await mocha.loadFilesAsync();
  report({ type: 'start', vscode: vscode.version, node: process.version });
  const failures = await new Promise<number>(resolve => {
    follow(mocha.run(resolve));
  });
  report({ type: 'end' });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}

function follow(runner: Mocha.Runner): void {
  runner.on('pass', test => report({ type: 'pass', title: test.fullTitle(), milliseconds: test.duration ?? 0 }));
  runner.on('pending', test => report({ type: 'pending', title: test.fullTitle() }));
  runner.on('fail', (test, error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    report({ type: 'fail', title: test.fullTitle(), error: text });
  });
}

function byName(a: string, b: string): number {
  const first = 'activation.test.js';
  return Number(b === first) - Number(a === first) || a.localeCompare(b);
}
