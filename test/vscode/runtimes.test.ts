import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds } from '../../src/extension/commandIds';
import { analysisOf, analyzed, closeLenses, workspaceFile } from './support';

const scene = () => workspaceFile('scene.png');

describe('Runtimes', () => {
  const settings = () => vscode.workspace.getConfiguration('focalLens');
  let usual: string | undefined;
  before(() => {
    usual = settings().inspect<string>('runtime')?.workspaceValue;
  });
  afterEach(async () => {
    await settings().update('runtime', usual, vscode.ConfigurationTarget.Workspace);
    await closeLenses();
  });

  it('gives the same numbers on WebAssembly', async () => {
    await settings().update('runtime', 'cpu', vscode.ConfigurationTarget.Workspace);
    const expected = analysisOf((await analyzed(scene())).state);
    await closeLenses();
    await settings().update('runtime', 'wasm', vscode.ConfigurationTarget.Workspace);
    const found = analysisOf((await analyzed(scene())).state);
    assert.deepEqual([found.model.runtime, found.model.provider], ['TensorFlow.js', 'WebAssembly']);
    assert.deepEqual(found.anchors.foreground, expected.anchors.foreground);
    assert.ok(Math.abs(found.loss.classification / expected.loss.classification - 1) < 1e-4);
  });

  it('are measured into a table that can be copied', async () => {
    await vscode.commands.executeCommand(commandIds.benchmarkRuntimes);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.languageId, 'markdown');
    const text = document?.getText() ?? '';
    assert.match(text, /^# Focal Lens runtimes\n/);
    assert.match(text, /\| ONNX Runtime, CPU \|.*\d runs \|/);
    assert.match(text, /\| TensorFlow\.js, WebAssembly \|.*\d runs \|/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
