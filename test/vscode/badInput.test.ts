import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { badFiles } from './badFiles';
import { analysisOf, analyzed, closeLenses, configure, extension, messageIn, workspaceFile } from './support';

const scene = () => workspaceFile('scene.png');
const bad = (name: string) => workspaceFile('..', 'bad', name);

describe('a file that is of no use', () => {
  afterEach(async () => {
    await closeLenses();
    await configure('model', 'models/tiny.safetensors');
  });

  for (const { what, model, image, message } of badFiles) {
    it(`is named in one line, and the next analysis is as before: ${what}`, async () => {
      const before = analysisOf((await analyzed(scene())).state);
      const pid = extension().exports.enginePid;
      assert.ok(pid);
      await closeLenses();
      if (model !== undefined) await configure('model', bad(model).fsPath);
      const told = messageIn((await analyzed(image === undefined ? scene() : bad(image))).state);
      assert.match(told, message);
      assert.doesNotMatch(told, /\n|internal error/);
      await closeLenses();
      await configure('model', 'models/tiny.safetensors');
      assert.deepEqual(analysisOf((await analyzed(scene())).state).loss, before.loss);
      assert.equal(extension().exports.enginePid, pid);
    });
  }

  it('has executed nothing', () => {
    assert.ok(!existsSync(bad('executed').fsPath));
  });
});
