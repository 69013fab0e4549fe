import assert from 'node:assert/strict';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { commandIds } from '../../src/extension/commandIds';
import { closeLenses, commandLine, configure, eventually, extension, workspaceFile } from './support';

const image = () => workspaceFile('stored.png');
const labels = () => workspaceFile('stored.xml');

async function hoverAt(document: vscode.TextDocument, needle: string, after = 0): Promise<string> {
  const position = document.positionAt(document.getText().indexOf(needle, after) + 1);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  const texts = hovers.flatMap(({ contents }) => contents).map(content => (content as vscode.MarkdownString).value);
  return texts.filter(text => /command:focalLens|edited after/.test(text)).join('\n');
}

/** A crop, and what a crop with the focal loss laid over is called. */
const picture = /!\[[^\]]*\]\(data:image\/webp;base64,/;
const heatmap = 'Crop with the focal loss laid over';

async function until(what: string, read: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 120_000; !(await read());) {
    if (Date.now() > end) assert.fail(`${what}: not within 30 s`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

const problems = () => vscode.languages.getDiagnostics(labels()).filter(({ source }) => source === 'Focal Lens');

describe('label files after a run over the dataset', () => {
  before(async () => {
    await extension().activate();
    await configure('labelFiles.minimumScore', 0);
    await copyFile(workspaceFile('scene.png').fsPath, image().fsPath);
    const text = await readFile(workspaceFile('scene.xml').fsPath, 'utf8');
    // The second label lies on the first one, too.
    const object = /<object>[^]*?<\/object>/.exec(text)?.[0] ?? '';
    await writeFile(labels().fsPath, text.replace('</annotation>', `${object}</annotation>`));
    await vscode.commands.executeCommand(commandIds.analyzeDataset);
  });
  after(async () => {
    await closeLenses();
    await configure('labelFiles.minimumScore', undefined);
    for (const file of [image(), labels()]) await rm(file.fsPath, { force: true });
    await vscode.commands.executeCommand(commandIds.analyzeDataset);
  });

  it('tell of labels whose image was never analyzed by itself', async () => {
    const { document } = await vscode.window.showTextDocument(labels());
    await until('the label being known', async () => (await hoverAt(document, '<object>')).includes('Focal loss'));
    const hover = await hoverAt(document, '<object>');
    const model = workspaceFile('models', 'tiny.safetensors').fsPath;
    const argv = ['analyze', image().fsPath, '--model', model, '--runtime', 'cpu', '--json'];
    const printed = (await commandLine(...argv)) as { labels: { classification: number; anchors: number }[] };
    assert.ok(
      hover.includes(`Focal loss **${printed.labels[0]?.classification.toPrecision(3)}**`),
      hover.slice(0, 300),
    );
    assert.match(hover, /by loss in 2 images/);
    assert.match(hover, picture);
    assert.deepEqual(extension().exports.lenses, []);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', labels());
    assert.ok(lenses.some(({ command }) => /loss .* 4 labels/.test(command?.title ?? '')));
  });

  it('show the crop of a label with its heatmap while the model is loaded, and plain afterwards', async () => {
    const { document } = await vscode.window.showTextDocument(labels());
    await until('the heatmap', async () => (await hoverAt(document, '<object>')).includes(heatmap));
    const hover = await hoverAt(document, '<object>');
    assert.match(hover, picture);
    assert.doesNotMatch(hover, /point here again|Analyze image/);
    // The numbers are still those of the run, among all of its labels.
    assert.match(hover, /by loss in 2 images/);
    assert.deepEqual(extension().exports.lenses, []);

    // A fresh engine has no model, and a hover loads none: of a label that has not been shown there is a plain crop.
    await vscode.commands.executeCommand(commandIds.restartEngine);
    const second = document.getText().indexOf('<object>') + 1;
    for (let time = 0; time < 2; time++) {
      const other = await hoverAt(document, '<object>', second);
      assert.match(other, picture);
      assert.ok(!other.includes(heatmap), other.slice(0, 300));
      assert.match(other, /Analyze image/);
    }
    const kept = await hoverAt(document, '<object>');
    assert.ok(kept.includes(heatmap), kept.slice(0, 300));
  });

  it('list suspicions, at their places, with fixes', async () => {
    const { document } = await vscode.window.showTextDocument(labels());
    const duplicate = await eventually('the duplicate', () => problems().find(({ code }) => code === 'duplicate'));
    assert.match(document.getText(duplicate.range), /<object>/);
    const fixes = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      labels(),
      duplicate.range,
      vscode.CodeActionKind.QuickFix.value,
      20,
    );
    const fix = fixes.find(({ title }) => title.startsWith('Remove this duplicate'));
    assert.ok(fix?.edit);
    const before = document.getText();
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.equal(document.getText().match(/<object>/g)?.length, 3);
    await eventually('the problem going', () => problems().every(({ code }) => code !== 'duplicate'));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
    await eventually('the problem coming back', () => problems().some(({ code }) => code === 'duplicate'));
    assert.ok(await document.save());
  });

  it('say nothing of a label that was edited', async () => {
    const { document } = await vscode.window.showTextDocument(labels());
    const edit = new vscode.WorkspaceEdit();
    const at = document.positionAt(document.getText().indexOf('<xmin>') + '<xmin>'.length);
    edit.insert(document.uri, at, '1');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.match(await hoverAt(document, '<object>'), /edited after/);
    await vscode.commands.executeCommand('undo');
    assert.match(await hoverAt(document, '<object>'), /Focal loss/);
  });
});
