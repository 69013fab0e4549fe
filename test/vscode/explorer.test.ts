import assert from 'node:assert/strict';
import { copyFile, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
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

  it('finds the dataset of the workspace by itself', async () => {
    const { overview } = extension().exports;
    await eventually('the dataset being found', () => overview.overviewState.dataset !== undefined);
    const { dataset, format } = overview.overviewState;
    assert.deepEqual([dataset, format], [basename(workspaceFile().fsPath), 'Pascal VOC']);
  });

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

  async function count(expected: number): Promise<void> {
    for (const end = Date.now() + 120_000; (await list('labels')).length !== expected;) {
      assert.ok(Date.now() < end, `the explorer does not come to list ${expected} labels`);
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }

  it('follows the labels when they are saved', async () => {
    const document = await vscode.workspace.openTextDocument(workspaceFile('scene.xml'));
    const before = document.getText();
    const write = async (text: string) => {
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
      assert.ok(await vscode.workspace.applyEdit(edit));
      assert.ok(await document.save());
    };
    await write(before.replace(/<object>[^]*?<\/object>/, ''));
    await count(2);
    await write(before);
    await count(3);
  });

  it('follows the labels when another program writes them', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const file = workspaceFile('scene.xml').fsPath;
    const before = await readFile(file, 'utf8');
    await writeFile(file, before.replace(/<object>[^]*?<\/object>/, ''));
    await count(2);
    await writeFile(file, before);
    await count(3);
  });

  it('lists what a run suspects among the problems, with nothing open', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const [image, labels] = [workspaceFile('unseen.png'), workspaceFile('unseen.xml')];
    const problems = () => vscode.languages.getDiagnostics(labels).filter(({ source }) => source === 'Focal Lens');
    const text = await readFile(workspaceFile('scene.xml').fsPath, 'utf8');
    const [object = ''] = /<object>[^]*?<\/object>/.exec(text) ?? [];
    try {
      await copyFile(workspaceFile('scene.png').fsPath, image.fsPath);
      // One label twice: a duplicate, whatever the model sees.
      await writeFile(labels.fsPath, text.replace('</annotation>', `${object}</annotation>`));
      await vscode.commands.executeCommand(commandIds.analyzeDataset);
      await eventually('the problem', () => problems().some(({ code }) => code === 'duplicate'));
      assert.ok(vscode.workspace.textDocuments.every(({ uri }) => uri.path !== labels.path));
    } finally {
      for (const { fsPath } of [image, labels]) await rm(fsPath, { force: true });
      await vscode.commands.executeCommand(commandIds.analyzeDataset);
    }
    await eventually('the problems going', () => problems().length === 0);
    assert.equal((await list('images')).length, 1);
  });

  describe('the filter', () => {
    /** Takes what the filter's input offers, so many places below the first. */
    async function filter(place: number): Promise<void> {
      const asking = vscode.commands.executeCommand(commandIds.filterRows);
      await new Promise(resolve => setTimeout(resolve, 500));
      for (let i = 0; i < place; i++) await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await asking;
    }
    const only = async () => (await children()).find(node => node.type === 'filter')?.text;

    afterEach(async () => {
      await vscode.commands.executeCommand(commandIds.clearRowFilter);
    });

    const labelRows = async () => (await list('labels')).flatMap(node => (node.type === 'label' ? [node.row] : []));

    it('narrows the lists to a kind of suspicion or to a class, until it is cleared', async () => {
      const top = await children();
      const kinds = top.find(node => node.type === 'issueKinds')?.kinds ?? [];
      const [worst] = top.find(node => node.type === 'categories')?.overview.categories ?? [];
      assert.ok(kinds.length > 0 && worst);
      await filter(0);
      const narrowed = await children();
      assert.deepEqual(
        narrowed.map(({ type }) => type),
        ['filter', 'issueKinds'],
      );
      assert.deepEqual(narrowed.find(node => node.type === 'issueKinds')?.kinds, kinds.slice(0, 1));
      await vscode.commands.executeCommand(commandIds.clearRowFilter);
      assert.equal(await only(), undefined);

      const all = await labelRows();
      await filter(kinds.length);
      assert.equal(await only(), `class ${worst.name}`);
      const wanted = all.filter(row => row.category === worst.name);
      assert.deepEqual(await labelRows(), wanted);
      assert.ok(wanted.length > 0 && wanted.length < all.length, 'the sample has labels of one class only');
    });
  });

  describe('triage', () => {
    const dismissed = () => workspaceFile('.focal-lens', 'dismissed.json').fsPath;
    const problems = () => vscode.languages.getDiagnostics(workspaceFile('scene.xml'));

    /** Rows of all kinds of suspicions, each shown so that commands take it. */
    async function suspicions(): Promise<Extract<ExplorerNode, { type: 'issue' }>[]> {
      const top = (await children()).find(({ type }) => type === 'issueKinds');
      const kinds = top === undefined ? [] : await children(top);
      const rows = (await Promise.all(kinds.map(children))).flat().filter(row => row.type === 'issue');
      for (const row of rows) void extension().exports.explorer.getTreeItem(row);
      const counted = kinds.reduce((sum, kind) => sum + (kind.type === 'list' ? (kind.count ?? 0) : 0), 0);
      assert.equal(counted, rows.length, 'the counts are not those of the lists');
      return rows;
    }

    async function settled(): Promise<Extract<ExplorerNode, { type: 'issue' }>[]> {
      const node = (await children()).find(candidate => candidate.type === 'list' && candidate.list.of === 'settled');
      const rows = node === undefined ? [] : (await children(node)).filter(row => row.type === 'issue');
      for (const row of rows) void extension().exports.explorer.getTreeItem(row);
      return rows;
    }

    async function dismiss(row: ExplorerNode): Promise<void> {
      const dismissing = vscode.commands.executeCommand(commandIds.dismissRow, row);
      await new Promise(resolve => setTimeout(resolve, 500));
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await dismissing;
    }

    const idsOf = (rows: readonly Extract<ExplorerNode, { type: 'issue' }>[]) => rows.map(({ row }) => row.id).sort();

    after(async () => {
      await rm(dismissed(), { force: true });
    });

    it('dismisses a suspicion beside the dataset, in lists, counts and problems, and lists it again', async () => {
      const before = await suspicions();
      const row = before.find(candidate => candidate.row.label !== null);
      assert.ok(row, 'the sample has no suspicion about a label');
      await vscode.commands.executeCommand(commandIds.openRow, row);
      // Its page takes the focus once it is there, which would close the question for the reason.
      await eventually('the page', () => lensOf(workspaceFile('scene.png')).isUpToDate);
      const kind = row.row.kind;
      await eventually('the problem', () => problems().some(({ code }) => code === kind));
      const count = problems().length;
      await dismiss(row);
      assert.deepEqual(
        idsOf(await suspicions()),
        idsOf(before).filter(id => id !== row.row.id),
      );
      const [listed, ...others] = await settled();
      assert.ok(listed?.settled?.state === 'dismissed' && listed.settled.reason !== '');
      assert.equal(listed.row.id, row.row.id);
      assert.deepEqual(others, []);
      const stored = JSON.parse(await readFile(dismissed(), 'utf8')) as {
        dismissed: { kind: string; image: string }[];
      };
      assert.deepEqual(
        stored.dismissed.map(entry => [entry.kind, entry.image]),
        [[kind, 'scene.png']],
      );
      await eventually('the problem going', () => problems().length === count - 1);

      await vscode.commands.executeCommand(commandIds.restoreRow, listed);
      assert.deepEqual(idsOf(await suspicions()), idsOf(before));
      assert.deepEqual(await settled(), []);
      await eventually('the problem coming back', () => problems().length === count);
    });

    it('lists what was confirmed among its kind and by itself, until it is fixed or taken back', async () => {
      const file = workspaceFile('.focal-lens', 'confirmed.json').fsPath;
      const before = await suspicions();
      const [row] = before;
      assert.ok(row);
      const confirmed = async () => {
        const node = (await children()).find(
          candidate => candidate.type === 'list' && candidate.list.of === 'confirmed',
        );
        const rows = node === undefined ? [] : (await children(node)).filter(child => child.type === 'issue');
        for (const child of rows) void extension().exports.explorer.getTreeItem(child);
        return rows;
      };
      try {
        await vscode.commands.executeCommand(commandIds.confirmRow, row);
        assert.deepEqual(idsOf(await suspicions()), idsOf(before), 'a confirmed suspicion is an error still');
        const [listed, ...others] = await confirmed();
        assert.equal(listed?.row.id, row.row.id);
        assert.deepEqual(others, []);
        const stored = JSON.parse(await readFile(file, 'utf8')) as { confirmed: { kind: string }[] };
        assert.deepEqual(
          stored.confirmed.map(entry => entry.kind),
          [row.row.kind],
        );
        assert.match(await readFile(workspaceFile('.focal-lens', '.gitignore').fsPath, 'utf8'), /^!confirmed\.json$/m);
        // What is done about it comes first; taken back, it is confirmed again.
        await vscode.commands.executeCommand(commandIds.markRowFixed, listed);
        assert.deepEqual(await confirmed(), []);
        const [fixed] = await settled();
        await vscode.commands.executeCommand(commandIds.restoreRow, fixed);
        const [again] = await confirmed();
        assert.equal(again?.row.id, row.row.id);
        // A suspicion cannot be an error and none.
        await dismiss(again);
        assert.deepEqual(await confirmed(), []);
        assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), { version: 1, confirmed: [] });
        const [none] = await settled();
        await vscode.commands.executeCommand(commandIds.restoreRow, none);
        assert.deepEqual(idsOf(await suspicions()), idsOf(before));
      } finally {
        await rm(file, { force: true });
      }
    });

    it('hides what is marked as fixed until its image is analyzed anew', async () => {
      const before = await suspicions();
      const [row] = before;
      assert.ok(row);
      await vscode.commands.executeCommand(commandIds.markRowFixed, row);
      assert.ok(!idsOf(await suspicions()).includes(row.row.id));
      assert.deepEqual(
        (await settled()).map(node => node.settled),
        [{ state: 'fixed' }],
      );
      await vscode.commands.executeCommand(commandIds.analyzeDataset);
      assert.equal((await settled()).length, 1, 'an image that has not changed was not analyzed anew');
      const document = await vscode.workspace.openTextDocument(workspaceFile('scene.xml'));
      const text = document.getText();
      const write = async (content: string) => {
        const edit = new vscode.WorkspaceEdit();
        edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), content);
        assert.ok(await vscode.workspace.applyEdit(edit));
        assert.ok(await document.save());
        await vscode.commands.executeCommand(commandIds.analyzeDataset);
      };
      try {
        // A label that does not concern the suspicion.
        await write(text.replace(/<xmin>\d+/, '<xmin>3'));
        assert.deepEqual(await settled(), []);
      } finally {
        await write(text);
      }
      assert.equal((await suspicions()).length, before.length);
    });

    it('opens the lens of an image with hard background', async () => {
      const [place] = await list('places');
      assert.ok(place?.type === 'place');
      extension().exports.explorer.getTreeItem(place);
      await vscode.commands.executeCommand(commandIds.openRow, place);
      const lens = lensOf(workspaceFile('scene.png'));
      await eventually('the page fetching the analysis', () => lens.isUpToDate);
    });
  });

  it('takes no argument for a row that it has not shown', async () => {
    await vscode.commands.executeCommand(commandIds.openRow, { type: 'image', row: { file: '/etc/passwd' } });
    assert.deepEqual(extension().exports.lenses, []);
  });
});
