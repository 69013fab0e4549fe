import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { DatasetClassMapping } from '../../src/protocol/classMapping';
import { commandIds } from '../../src/extension/commandIds';
import { analysisOf, analyzed, closeLenses, eventually, extension, lensOf, workspaceFile } from './support';

const card = () => workspaceFile('models', 'tiny.json');
const scene = () => workspaceFile('scene.png');
const api = () => extension().exports.classMapping;

/** Everything as it is, but for some classes. */
function choices({ categories }: DatasetClassMapping, columns: Record<string, number>) {
  return categories.map(({ name, id, column }) => ({ name, id, column: columns[name] ?? column }));
}

function columnsOf({ categories }: DatasetClassMapping): Record<string, number> {
  return Object.fromEntries(categories.map(({ name, column }) => [name, column]));
}

describe('the class mapping', () => {
  let text = '';
  before(async () => {
    await extension().activate();
    text = await readFile(card().fsPath, 'utf8');
  });
  after(async () => {
    await closeLenses();
    await writeFile(card().fsPath, text);
  });

  it('opens as a panel that reads the dataset and the model', async () => {
    await vscode.commands.executeCommand(commandIds.editClassMapping);
    await eventually('the panel', () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label === 'Class Mapping'),
    );
    assert.deepEqual(columnsOf(await api().read()), { disc: 1, ring: 3, square: 2 });
  });

  it('is written into the model card, which the open lens follows', async () => {
    const lens = await analyzed(scene());
    const columns = () => (lens.state.kind === 'ready' ? lens.state.analysis.labels.map(({ column }) => column) : []);
    assert.deepEqual(columns(), [1, 2, 3]);
    const saved = await api().save(choices(await api().read(), { disc: 2, ring: -1 }));
    assert.deepEqual(columnsOf(saved), { disc: 2, ring: -1, square: 2 });
    const written = await readFile(card().fsPath, 'utf8');
    const entries = '  "categories": {\n    "disc": "square",\n    "ring": null\n  }\n';
    assert.equal(written, text.replace(/\n\}$/, `,\n${entries}}`));
    await eventually('the analysis with the new mapping', () => columns().join() === '2,2,-1');
    assert.equal(analysisOf(lensOf(scene()).state).labels[2]?.excluded === undefined, false);
    await api().save(choices(saved, { disc: 1, ring: 3 }));
    assert.equal(await readFile(card().fsPath, 'utf8'), text);
    await eventually('the former analysis', () => columns().join() === '1,2,3');
  });

  it('is an edit that can be undone where the card is open', async () => {
    const editor = await vscode.window.showTextDocument(card());
    const saved = await api().save(choices(await api().read(), { square: -1 }));
    assert.equal(columnsOf(saved).square, -1);
    assert.match(editor.document.getText(), /"square": null/);
    assert.equal(editor.document.isDirty, false);
    await vscode.window.showTextDocument(card());
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), text);
    assert.ok(await editor.document.save());
    assert.equal(columnsOf(await api().read()).square, 2);
  });

  it('leaves a card alone that has unsaved changes, or that is none', async () => {
    const mapping = await api().read();
    const changed = choices(mapping, { square: 1 });
    const editor = await vscode.window.showTextDocument(card());
    await editor.edit(edit => edit.insert(new vscode.Position(0, 0), ' '));
    await assert.rejects(api().save(changed), /tiny\.json: has changes that are not saved/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const damaged = text.replace('128', '"128"');
    await writeFile(card().fsPath, damaged);
    await assert.rejects(api().save(changed), /minSize must be a number/);
    assert.equal(await readFile(card().fsPath, 'utf8'), damaged);
    await writeFile(card().fsPath, text);
    await assert.rejects(api().save(choices(mapping, { square: 0 })), /takes no class/);
    assert.equal(await readFile(card().fsPath, 'utf8'), text);
  });
});
