import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('harness', () => {
  it('sees the extension', () => {
    const extension = vscode.extensions.getExtension('focal-lens.focal-lens');
    assert.ok(extension);
    assert.equal(extension.isActive, false);
  });
});
