import assert from 'node:assert/strict';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { commandIds } from '../../src/extension/commandIds';
import {
  analysisOf,
  analyzed,
  closeLenses,
  configure,
  eventually,
  extension,
  lensOf,
  messageIn,
  workspaceFile,
} from './support';

const scene = () => workspaceFile('scene.png');
const enginePid = () => extension().exports.enginePid;

describe('what goes wrong', () => {
  afterEach(async () => {
    await closeLenses();
    await configure('model', 'models/tiny.safetensors');
    await configure('bands.hard', undefined);
  });

  it('an unusable checkpoint is named, and the engine lives on', async () => {
    await analyzed(scene());
    const pid = enginePid();
    assert.ok(pid);
    await closeLenses();
    await configure('model', 'broken/text.pth');
    const message = messageIn((await analyzed(scene())).state);
    assert.match(message, /text\.pth/);
    assert.doesNotMatch(message, /\n/);
    assert.equal(enginePid(), pid);
  });

  it('a panel recovers once the setting is right', async () => {
    await configure('model', 'broken/none.pth');
    const lens = await analyzed(scene());
    assert.match(messageIn(lens.state), /none\.pth/);
    await configure('model', 'models/tiny.safetensors');
    await eventually('the analysis', () => lens.state.kind === 'ready');
  });

  it('a corrupt image is named', async () => {
    assert.match(messageIn((await analyzed(workspaceFile('broken', 'image.png'))).state), /image\.png/);
    assert.equal((await analyzed(scene())).state.kind, 'ready');
  });

  it('a missing image is named', async () => {
    assert.match(messageIn((await analyzed(workspaceFile('none.png'))).state), /none\.png/);
  });

  it('thresholds that contradict each other are named', async () => {
    await configure('bands.hard', 0.95);
    assert.match(messageIn((await analyzed(scene())).state), /focalLens\.bands\.hard/);
  });

  it('a file that is not on this machine is refused', async () => {
    const remote = vscode.Uri.parse('untitled:scene.png');
    assert.match(messageIn((await analyzed(remote)).state), /not a file on this machine/);
  });

  it('an engine that is killed starts afresh', async () => {
    const before = analysisOf((await analyzed(scene())).state);
    const pid = enginePid();
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    await eventually('the engine ending', () => enginePid() === undefined);
    const after = analysisOf((await analyzed(scene())).state);
    assert.notEqual(enginePid(), pid);
    assert.deepEqual(after.loss, before.loss);
  });

  it('an anchor can be inspected although the engine that knew it is gone', async () => {
    const lens = await analyzed(scene());
    const { signal } = new AbortController();
    const anchor = analysisOf(lens.state).labels[1]?.bestAnchor ?? -1;
    const before = await lens.inspectAnchor(anchor, signal);
    assert.ok(before.terms.length > 0);
    await vscode.commands.executeCommand('focalLens.restartEngine');
    assert.deepEqual(await lens.inspectAnchor(anchor, signal), before);
    await assert.rejects(lens.inspectAnchor(1e9, signal), /RangeError/);
  });

  it('an analysis survives the death of its engine', async () => {
    const lens = await analyzed(scene());
    const pid = enginePid();
    assert.ok(pid);
    let killed = false;
    const subscription = lens.onDidChangeState(({ state }) => {
      if (state.kind === 'loading' && !killed) killed = process.kill(pid, 'SIGKILL');
    });
    await analyzed(scene());
    subscription.dispose();
    assert.ok(killed);
    analysisOf(lens.state);
    assert.notEqual(enginePid(), pid);
  });

  it('a run over a dataset survives the death of its engine', async function () {
    // After several crashes in a short while the engine is held back.
    this.timeout(120_000);
    const { explorer, overview } = extension().exports;
    const names = Array.from({ length: 30 }, (_, i) => `killed ${i}`);
    const text = await readFile(workspaceFile('scene.xml').fsPath, 'utf8');
    try {
      for (const name of names) {
        await copyFile(scene().fsPath, workspaceFile(`${name}.png`).fsPath);
        await writeFile(workspaceFile(`${name}.xml`).fsPath, text);
      }
      const running = vscode.commands.executeCommand(commandIds.analyzeDataset);
      await eventually('the first images', () => (overview.overviewState.progress?.computed ?? 0) > 0);
      const pid = enginePid();
      assert.ok(pid);
      process.kill(pid, 'SIGKILL');
      await running;
      assert.notEqual(enginePid(), pid);
      const { run, images, failed } = overview.overviewState.overview ?? {};
      assert.deepEqual([run?.state, images, failed], ['done', names.length + 1, 0]);
      assert.ok((run?.computed ?? 0) > 0, 'the engine was killed after its last image');
      const top = (await explorer.getChildren()) ?? [];
      assert.ok(top.every(({ type }) => type !== 'unfinished'));
    } finally {
      for (const name of names) {
        for (const kind of ['png', 'xml']) await rm(workspaceFile(`${name}.${kind}`).fsPath, { force: true });
      }
      await vscode.commands.executeCommand(commandIds.analyzeDataset);
    }
  });

  it('cancelling shows the former analysis again', async () => {
    const lens = await analyzed(scene());
    const before = analysisOf(lens.state);
    const subscription = lens.onDidChangeState(({ state }) => {
      if (state.kind === 'loading') lens.cancel();
    });
    await analyzed(scene());
    subscription.dispose();
    assert.equal(analysisOf(lens.state), before);
  });

  it('cancelling a first analysis says so', async () => {
    await configure('model', 'broken/none.pth');
    const lens = await analyzed(scene());
    const subscription = lens.onDidChangeState(({ state }) => {
      if (state.kind === 'loading') lens.cancel();
    });
    await analyzed(scene());
    subscription.dispose();
    assert.equal(lensOf(scene()).state.kind, 'cancelled');
  });
});
