import '@vscode-elements/elements/dist/vscode-badge/index.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import { embeddedDataId } from '../protocol/messages';
import { LensApp } from './lensApp';
import { defineAnchorList } from './panel/anchorList';
import { defineFocalRows } from './panel/focalRows';
import './style.css';
import { embeddedTransport } from './transport/embeddedTransport';
import type { VsCodeApi } from './transport/vsCodeApi';
import { vscodeTransport } from './transport/vscodeTransport';

declare function acquireVsCodeApi(): VsCodeApi;

defineAnchorList();
defineFocalRows();
const root = document.getElementById('app');
const embedded = document.getElementById(embeddedDataId);
if (root !== null) {
  if (embedded !== null) document.documentElement.classList.add('standalone');
  const transport =
    embedded === null
      ? vscodeTransport(acquireVsCodeApi(), root.dataset.restore)
      : embeddedTransport(embedded.textContent);
  void new LensApp(root, transport).start();
}
