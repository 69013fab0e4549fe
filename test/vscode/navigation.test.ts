import assert from 'node:assert/strict';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { commandIds } from '../../src/extension/commandIds';
import { analysisOf, analyzed, closeLenses, eventually, extension, lensOf, workspaceFile } from './support';

const isLensActive = () => {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputWebview && input.viewType.endsWith('focalLens.lens');
};

async function putCursor(file: vscode.Uri, text: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file);
  const position = document.positionAt(document.getText().indexOf(text));
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(position, position) });
}

describe('Moving between images and labels', () => {
  afterEach(closeLenses);

  it('goes through the images of a folder in one panel, and stays at either end', async () => {
    const [large, scan] = [workspaceFile('other', 'large.png'), workspaceFile('other', 'scan.tif')];
    const lens = await analyzed(large);
    assert.ok(lens.state.kind === 'ready');
    assert.deepEqual(lens.state.place, { index: 0, count: 2 });
    await vscode.commands.executeCommand(commandIds.previousImage);
    assert.equal(lens.image.toString(), large.toString());
    await vscode.commands.executeCommand(commandIds.nextImage);
    assert.equal(lens.image.toString(), scan.toString());
    assert.equal(extension().exports.lenses.length, 1);
    assert.equal(analysisOf(lens.state).image.file, scan.fsPath);
    await eventually('the page showing the next image', () => lens.isUpToDate);
    await vscode.commands.executeCommand(commandIds.nextImage);
    assert.equal(lens.image.toString(), scan.toString());
    await vscode.commands.executeCommand(commandIds.previousImage);
    assert.equal(analysisOf(lens.state).image.file, large.fsPath);
  });

  it('reveals the panel that shows the next image already', async () => {
    const [large, scan] = [workspaceFile('other', 'large.png'), workspaceFile('other', 'scan.tif')];
    const second = await analyzed(scan);
    await analyzed(large);
    await vscode.commands.executeCommand(commandIds.nextImage);
    assert.equal(lensOf(scan), second);
    assert.equal(extension().exports.lenses.length, 2);
    const shown = () => vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes('scan.tif');
    await eventually('the other panel', shown);
  });

  it('opens the lens of the label at the cursor, and uses it again', async () => {
    await putCursor(workspaceFile('scene.xml'), '<bndbox>');
    await vscode.commands.executeCommand(commandIds.showLabelInLens);
    const lens = lensOf(workspaceFile('scene.png'));
    analysisOf(lens.state);
    await eventually('the lens', isLensActive);
    await putCursor(workspaceFile('scene.xml'), '<bndbox>');
    await vscode.commands.executeCommand(commandIds.showLabelInLens);
    await eventually('the lens once more', isLensActive);
    assert.equal(extension().exports.lenses.length, 1);
  });

  it('finds the image of a COCO label that no lens shows', async () => {
    const folder = workspaceFile('navigation');
    await mkdir(folder.fsPath, { recursive: true });
    const image = vscode.Uri.joinPath(folder, 'labeled.png');
    await copyFile(workspaceFile('scene.png').fsPath, image.fsPath);
    const coco = {
      images: [{ id: 7, file_name: 'labeled.png', width: 160, height: 120 }],
      categories: [{ id: 1, name: 'disc' }],
      annotations: [{ id: 31, image_id: 7, category_id: 1, bbox: [10, 12, 40, 30], area: 1200, iscrowd: 0 }],
    };
    const labels = vscode.Uri.joinPath(folder, 'instances.json');
    await writeFile(labels.fsPath, JSON.stringify(coco, null, 2));
    await putCursor(labels, '"category_id"');
    await vscode.commands.executeCommand(commandIds.showLabelInLens);
    assert.equal(analysisOf(lensOf(image).state).labels[0]?.id, '31');
    await eventually('the lens', isLensActive);
  });
});
