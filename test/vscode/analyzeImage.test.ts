import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { analysisDocument } from '../../src/cli/analysisDocument';
import { report } from './report';
import {
  analysisOf,
  analyzed,
  closeLenses,
  commandLine,
  eventually,
  extension,
  lensOf,
  workspaceFile,
} from './support';

const scene = () => workspaceFile('scene.png');

/** A document as JSON gives it back, without what no two runs share. */
function comparable(document: object): Record<string, unknown> {
  const plain = JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
  delete plain.milliseconds;
  return plain;
}

describe('Analyze Image', () => {
  afterEach(closeLenses);

  it('shows the analysis in a panel whose webview fetches it', async () => {
    const start = performance.now();
    const lens = await analyzed(scene());
    report({
      type: 'note',
      text: `first analysis, engine start included: ${(performance.now() - start).toFixed(0)} ms`,
    });
    const analysis = analysisOf(lens.state);
    assert.equal(analysis.image.file, scene().fsPath);
    assert.equal(analysis.labels.length, 3);
    assert.ok(analysis.columns instanceof ArrayBuffer);
  });

  it('gives the numbers of the command line', async () => {
    const analysis = analysisOf((await analyzed(scene())).state);
    const model = workspaceFile('models', 'tiny.safetensors').fsPath;
    const printed = await commandLine('analyze', scene().fsPath, '--model', model, '--runtime', 'cpu', '--json');
    assert.deepEqual(comparable(analysisDocument(analysis)), comparable(printed));
  });

  it('uses the panel an image has', async () => {
    const first = await analyzed(scene());
    const second = await analyzed(scene());
    assert.equal(first, second);
    assert.equal(extension().exports.lenses.length, 1);
  });

  it('takes the image of the active tab', async () => {
    await vscode.commands.executeCommand('vscode.open', scene());
    const image = () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom;
    await eventually('the image preview', image);
    await vscode.commands.executeCommand('focalLens.analyzeImage');
    analysisOf(lensOf(scene()).state);
  });

  it('takes the image that the label file in the active tab describes', async () => {
    await vscode.window.showTextDocument(workspaceFile('scene.xml'));
    await vscode.commands.executeCommand('focalLens.analyzeImage');
    analysisOf(lensOf(scene()).state);
  });

  it('opens a panel for each selected image', async () => {
    const images = [scene(), workspaceFile('other', 'scan.tif')];
    await vscode.commands.executeCommand('focalLens.analyzeSelection', images[0], images);
    for (const image of images) analysisOf(lensOf(image).state);
  });

  it('shows a TIFF by a copy that a webview can show', async () => {
    const { state } = await analyzed(workspaceFile('other', 'scan.tif'));
    assert.ok(state.kind === 'ready');
    const shown = vscode.Uri.parse(state.imageUri);
    assert.match(shown.path, /\.png$/);
    assert.ok((await stat(shown.path)).size > 0);
    assert.equal(state.analysis.labelFile, undefined);
  });

  it('opens the label file with the text of a label selected', async () => {
    const lens = await analyzed(scene());
    const labels = analysisOf(lens.state).labels;
    const index = labels.findIndex(({ category }) => category === 'square');
    await lens.revealLabel(index);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, workspaceFile('scene.xml').fsPath);
    const text = editor.document.getText(editor.selection);
    assert.match(text, /^<object>[^]*<name>square<\/name>[^]*<\/object>$/);
    assert.equal(text.match(/<object>/g)?.length, 1);
    // A second label comes up in the same editor.
    await lens.revealLabel(0);
    assert.equal(vscode.window.visibleTextEditors.length, 1);
  });

  it('follows the labels when they are saved', async () => {
    const lens = await analyzed(scene());
    const before = analysisOf(lens.state);
    const document = await vscode.workspace.openTextDocument(workspaceFile('scene.xml'));
    const text = document.getText();
    const whole = new vscode.Range(document.positionAt(0), document.positionAt(text.length));
    const write = async (content: string) => {
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, document.validateRange(whole), content);
      await vscode.workspace.applyEdit(edit);
      await document.save();
    };
    const kinds = new Set<string>();
    const subscription = lens.onDidChangeState(({ state }) => kinds.add(state.kind));
    try {
      await write(text.replace(/ *<object>[^]*?<\/object>\n/, ''));
      const after = await eventually(
        'the analysis of two labels',
        () => lens.state.kind === 'ready' && lens.state.analysis.labels.length === 2 && lens.state.analysis,
      );
      assert.notEqual(after.loss.classification, before.loss.classification);
      // What was shown stayed until then.
      assert.deepEqual([...kinds], ['ready']);
    } finally {
      subscription.dispose();
      await vscode.window.showTextDocument(document);
      await write(text);
    }
    await eventually(
      'the analysis of three labels',
      () => lens.state.kind === 'ready' && lens.state.analysis.labels.length === 3,
    );
    assert.deepEqual(analysisOf(lens.state).loss, before.loss);
  });
});
