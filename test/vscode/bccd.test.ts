import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { report } from './report';
import { analysisOf, analyzed, closeLenses, configure, extension } from './support';

// A real data set and a checkpoint trained on it, where they lie beside the checkout.
const shared = () => join(extension().extensionPath, '..', 'shared');

describe('a trained checkpoint', () => {
  before(function () {
    if (!existsSync(shared())) {
      report({ type: 'note', text: 'skipped: there is no ../shared' });
      this.skip();
    }
  });

  afterEach(async () => {
    await closeLenses();
    await configure('model', 'models/tiny.safetensors');
  });

  it("gives torchvision's losses", async () => {
    await configure('model', join(shared(), 'models', 'bccd_retinanet_r18.pth'));
    const image = vscode.Uri.file(join(shared(), 'data', 'bccd', 'JPEGImages', 'BloodImage_00007.jpg'));
    const { loss, anchors, milliseconds } = analysisOf((await analyzed(image)).state);
    report({ type: 'note', text: `the engine took ${milliseconds.total.toFixed(0)} ms` });
    assert.ok(Math.abs(loss.classification / 0.2378277 - 1) < 1e-4, `${loss.classification}`);
    assert.ok(Math.abs(loss.boxRegression / 0.3038324 - 1) < 1e-4, `${loss.boxRegression}`);
    assert.deepEqual([anchors.total, anchors.foreground, anchors.ignored], [15_354, 575, 1_007]);
  });
});
