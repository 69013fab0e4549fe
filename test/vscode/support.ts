import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { commandIds } from '../../src/extension/commandIds';
import type { FocalLensTestApi, LensView } from '../../src/extension/extension';
import type { Analysis } from '../../src/protocol/analysis';
import type { LensState } from '../../src/protocol/messages';

export function extension(): vscode.Extension<FocalLensTestApi> {
  const found = vscode.extensions.getExtension<FocalLensTestApi>('focal-lens.focal-lens');
  assert.ok(found, 'the extension is not there');
  return found;
}

export function workspaceFile(...path: string[]): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  return vscode.Uri.joinPath(folder.uri, ...path);
}

/** Polls until `read` gives something; fails with what it gave last. */
export async function eventually<T>(
  what: string,
  read: () => T | undefined | false,
  milliseconds = 120_000,
): Promise<T> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const value = read();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) assert.fail(`${what}: not within ${milliseconds} ms`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** Runs "Analyze Image" as the explorer does, and waits until the panel shows the outcome. */
export async function analyzed(image: vscode.Uri): Promise<LensView> {
  await vscode.commands.executeCommand(commandIds.analyzeImage, image, [image]);
  const lens = lensOf(image);
  assert.notEqual(lens.state.kind, 'loading');
  await eventually(`the webview of ${image.path} fetching its state`, () => lens.isUpToDate);
  return lens;
}

export function lensOf(image: vscode.Uri): LensView {
  const lens = extension().exports.lenses.find(candidate => candidate.image.toString() === image.toString());
  assert.ok(lens, `no panel for ${image.path}`);
  return lens;
}

export function analysisOf(state: LensState): Analysis {
  if (state.kind !== 'ready') assert.fail(`the panel is not ready: ${JSON.stringify(state)}`);
  return state.analysis;
}

export function messageIn(state: LensState): string {
  if (state.kind !== 'failed') assert.fail(`the panel shows no failure but "${state.kind}"`);
  return state.message;
}

/** Sets a setting of the workspace; `undefined` removes it. */
export async function configure(key: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('focalLens').update(key, value, vscode.ConfigurationTarget.Workspace);
}

export async function closeLenses(): Promise<void> {
  for (const lens of [...extension().exports.lenses]) lens.close();
  await eventually('the panels closing', () => extension().exports.lenses.length === 0);
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Takes what a list of choices proposes first, as soon as it is there. */
export async function accepted(asking: Thenable<unknown>): Promise<void> {
  let asks = true;
  const answered = Promise.resolve(asking).finally(() => (asks = false));
  // Whoever asked may fail before it is awaited below.
  answered.catch(() => undefined);
  while (asks) {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  await answered;
}

/** The JSON document that `focal-lens ARGUMENTS` prints. */
export async function commandLine(...values: string[]): Promise<object> {
  const script = join(extension().extensionPath, 'dist', 'cli.js');
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...values], { env, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as object;
}
