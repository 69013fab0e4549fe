import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { commandIds } from '../../src/extension/commandIds';
import type { ExplorerNode } from '../../src/extension/explorer/explorerNodes';
import { analysisOf, closeLenses, commandLine, eventually, extension, lensOf, workspaceFile } from './support';

async function children(node?: ExplorerNode): Promise<ExplorerNode[]> {
  return (await extension().exports.explorer.getChildren(node)) ?? [];
}

async function list(of: string): Promise<ExplorerNode[]> {
  const node = (await children()).find(candidate => candidate.type === 'list' && candidate.list.of === of);
  assert.ok(node, `no list of ${of}`);
  return children(node);
}

describe('the loss explorer', () => {
  before(() => extension().activate());
  afterEach(closeLenses);

  it('analyzes the only dataset of the workspace and stores the result beside it', async () => {
    assert.deepEqual(await children(), []);
    await vscode.commands.executeCommand(commandIds.analyzeDataset);
    assert.ok((await stat(workspaceFile('.focal-lens', 'dataset.sqlite').fsPath)).size > 0);
    assert.equal((await list('images')).length, 1);
  });

  it('lists labels by their loss, as the command line computes it', async () => {
    const model = workspaceFile('models', 'tiny.safetensors').fsPath;
    const scene = workspaceFile('scene.png').fsPath;
    const printed = (await commandLine('analyze', scene, '--model', model, '--runtime', 'cpu', '--json')) as {
      labels: { id: string; classification: number; boxRegression: number }[];
    };
    const expected = printed.labels
      .map(({ id, classification, boxRegression }) => ({ id, loss: classification + boxRegression }))
      .sort((a, b) => b.loss - a.loss);
    const shown = (await list('labels')).map(node => {
      assert.ok(node.type === 'label');
      return node.row;
    });
    assert.deepEqual(
      shown.map(({ label }) => label),
      expected.map(({ id }) => id),
    );
    shown.forEach(({ loss }, index) => assert.ok(Math.abs(loss - (expected[index]?.loss ?? NaN)) < 1e-6 * loss));
  });

  it('opens a label in the lens of its image', async () => {
    const [worst] = await list('labels');
    assert.ok(worst?.type === 'label');
    extension().exports.explorer.getTreeItem(worst);
    await vscode.commands.executeCommand(commandIds.openRow, worst);
    const lens = lensOf(workspaceFile('scene.png'));
    await eventually('the page fetching the analysis', () => lens.isUpToDate);
    assert.ok(analysisOf(lens.state).labels.some(({ id }) => id === worst.row.label));
  });

  it('shows a label in its file', async () => {
    const [worst] = await list('labels');
    assert.ok(worst?.type === 'label');
    extension().exports.explorer.getTreeItem(worst);
    await vscode.commands.executeCommand(commandIds.goToRowLabel, worst);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, workspaceFile('scene.xml').fsPath);
    assert.match(editor.document.getText(editor.selection), /^<object>[^]*<\/object>$/);
  });

  it('follows the labels when they are saved', async () => {
    const document = await vscode.workspace.openTextDocument(workspaceFile('scene.xml'));
    const before = document.getText();
    const write = async (text: string) => {
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
      assert.ok(await vscode.workspace.applyEdit(edit));
      assert.ok(await document.save());
    };
    const count = async (expected: number) => {
      for (const end = Date.now() + 30_000; (await list('labels')).length !== expected;) {
        assert.ok(Date.now() < end, `the explorer does not come to list ${expected} labels`);
        await new Promise(resolve => setTimeout(resolve, 100));
      }
    };
    await write(before.replace(/<object>[^]*?<\/object>/, ''));
    await count(2);
    await write(before);
    await count(3);
  });

  it('takes no argument for a row that it has not shown', async () => {
    await vscode.commands.executeCommand(commandIds.openRow, { type: 'image', row: { file: '/etc/passwd' } });
    assert.deepEqual(extension().exports.lenses, []);
  });
});
