import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { RequestContext } from '../../src/common/messageHandler';
import { commandIds } from '../../src/extension/commandIds';
import type { GalleryItem } from '../../src/protocol/gallery';
import { closeLenses, eventually, extension, lensOf, workspaceFile } from './support';

const context: RequestContext<never> = { signal: new AbortController().signal, progress: () => undefined };

function view() {
  return extension().exports.gallery.view;
}

function answers() {
  const { panel } = view();
  assert.ok(panel, 'the gallery is not open');
  return panel.answers;
}

function revision(): number {
  return view().data.value.revision;
}

/** What the page would get: the first items of a list. */
async function items(source: 'issues' | 'labels'): Promise<readonly GalleryItem[]> {
  const list = { source, sort: 'score', offset: 0, limit: 50 } as const;
  return answers().rows({ revision: revision(), ...list }, context);
}

/** Runs that follow what former tests did to label files are over: they forget which suspicions were marked as fixed. */
async function atRest(): Promise<void> {
  let seen = revision();
  let since = Date.now();
  await eventually('a gallery at rest', () => {
    if (revision() !== seen) [seen, since] = [revision(), Date.now()];
    return Date.now() - since > 4_000;
  });
}

const openIssues = async () => (await items('issues')).filter(({ triage }) => triage.state === 'open');

describe('the gallery', () => {
  const labels = () => readFile(workspaceFile('scene.xml').fsPath, 'utf8');

  before(async () => {
    await extension().activate();
    await vscode.commands.executeCommand(commandIds.analyzeDataset);
    await vscode.commands.executeCommand(commandIds.openGallery);
    await eventually('an analysis in the gallery', () => view().data.value.state.kind === 'ready');
  });
  after(async () => {
    view().panel?.close();
    await closeLenses();
  });

  it('shows its page, which asks for the tiles in view', async () => {
    const { state } = view().data.value;
    assert.ok(state.kind === 'ready');
    assert.equal(state.counts.labels, 3);
    await eventually('the page fetching what to show', () => view().panel?.isUpToDate);
    await eventually('the page asking for rows', () => view().data.given > 0);
    await vscode.commands.executeCommand(commandIds.openGallery);
    const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs);
    assert.equal(tabs.filter(tab => tab.label === 'Label Gallery').length, 1);
  });

  it('gives a picture around each label, with the focal loss where that is wanted', async () => {
    const [worst] = await items('labels');
    assert.ok(worst?.content.type === 'label');
    const [x, y, width, height] = worst.content.row.bbox;
    for (const heat of [false, true]) {
      const crop = await answers().crop({ revision: revision(), key: worst.key, size: 160, heat }, context);
      assert.match(crop.uri, /^data:image\/webp;base64,/);
      assert.equal(crop.heat, heat);
      const { region } = crop;
      assert.ok(region.left <= x && region.top <= y, 'the crop begins before its box');
      assert.ok(region.left + region.width >= x + width && region.top + region.height >= y + height);
    }
  });

  it('makes a fix in the label file, agrees with the explorer, and takes it back to the byte', async () => {
    const before = await labels();
    const target = (await openIssues()).find(({ content }) => content.type === 'issue' && content.row.label !== null);
    assert.ok(target?.content.type === 'issue', 'no suspicion about a label');
    const { row } = target.content;
    const details = await answers().details({ revision: revision(), key: target.key }, context);
    const which = details.fixes.findIndex(title => title.startsWith('Remove'));
    assert.ok(which >= 0, `no removal among ${details.fixes.join(', ')}`);
    const counted = before.match(/<object>/g)?.length ?? 0;
    assert.equal(await answers().applyFix({ revision: revision(), key: target.key, fix: which }, context), true);
    assert.equal((await labels()).match(/<object>/g)?.length, counted - 1);
    // Until the image has been analyzed again it is marked; then the store tells.
    const gone = async () => !(await openIssues()).some(({ content }) => sameIssue(content.row, row));
    assert.ok(await gone(), 'a fixed suspicion is open');
    assert.equal(await answers().undo(undefined, context), true);
    assert.equal(await labels(), before);
    for (const end = Date.now() + 120_000; await gone();) {
      assert.ok(Date.now() < end, 'the suspicion does not come back');
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  });

  it('does not save what somebody is typing along with a fix', async () => {
    const document = await vscode.workspace.openTextDocument(workspaceFile('scene.xml'));
    const before = document.getText();
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.positionAt(before.length), '\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    const target = (await openIssues()).find(({ content }) => content.type === 'issue' && content.row.label !== null);
    assert.ok(target);
    assert.equal(await answers().applyFix({ revision: revision(), key: target.key, fix: 0 }, context), false);
    assert.ok(document.isDirty);
    assert.equal(document.getText(), `${before}\n`);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    assert.equal(document.getText(), before);
  });

  it('marks and restores what the explorer then hides and lists', async () => {
    await atRest();
    const [target] = await openIssues();
    assert.ok(target);
    const { key } = target;
    await answers().markFixed({ revision: revision(), key }, context);
    assert.deepEqual(await answers().triageStates({ revision: revision(), keys: [key] }, context), [
      { state: 'fixed' },
    ]);
    await answers().restore({ revision: revision(), key }, context);
    assert.deepEqual(await answers().triageStates({ revision: revision(), keys: [key] }, context), [{ state: 'open' }]);
  });

  it('confirms, lists what was confirmed, and undoes to what was before', async () => {
    await atRest();
    const [target] = await openIssues();
    assert.ok(target?.content.type === 'issue');
    const { key } = target;
    const stateNow = async () => (await answers().triageStates({ revision: revision(), keys: [key] }, context))[0];
    const listed = async () => {
      const list = { revision: revision(), source: 'confirmed' } as const;
      const sections = await answers().sections({ ...list, group: 'none' }, context);
      const rows = await answers().rows({ ...list, sort: 'score', offset: 0, limit: 50 }, context);
      assert.equal(
        sections.reduce((sum, { count }) => sum + count, 0),
        rows.length,
      );
      return rows.map(({ content }) => content.row.id);
    };
    assert.equal(await answers().confirm({ revision: revision(), key }, context), true);
    assert.equal(await answers().confirm({ revision: revision(), key }, context), false, 'confirmed twice');
    assert.deepEqual(await stateNow(), { state: 'confirmed', reason: '' });
    assert.deepEqual(await listed(), [target.content.row.id]);
    const { state } = view().data.value;
    assert.ok(state.kind === 'ready' && state.counts.confirmed === 1);
    await answers().markFixed({ revision: revision(), key }, context);
    assert.deepEqual(await stateNow(), { state: 'fixed' });
    assert.equal(await answers().undo(undefined, context), true);
    assert.deepEqual(await stateNow(), { state: 'confirmed', reason: '' });
    assert.equal(await answers().undo(undefined, context), true);
    assert.deepEqual(await stateNow(), { state: 'open' });
    assert.deepEqual(await listed(), []);
  });

  it('opens a label in the lens, and at its line', async () => {
    const [worst] = await items('labels');
    assert.ok(worst);
    await answers().goToLabel({ revision: revision(), key: worst.key }, context);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, workspaceFile('scene.xml').fsPath);
    await answers().openInLens({ revision: revision(), key: worst.key }, context);
    const lens = lensOf(workspaceFile('scene.png'));
    await eventually('the lens showing it', () => lens.isUpToDate && lens.state.kind === 'ready');
  });
});

function sameIssue(a: object, b: { kind: string; bbox: readonly number[] }): boolean {
  const { kind, bbox } = a as typeof b;
  return kind === b.kind && bbox.every((value, i) => value === b.bbox[i]);
}
