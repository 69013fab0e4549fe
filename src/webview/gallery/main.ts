import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-progress-ring/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import type { VsCodeApi } from '../transport/vsCodeApi';
import { GalleryApp } from './galleryApp';
import { galleryTransport } from './galleryTransport';
import './gallery.css';

declare function acquireVsCodeApi(): VsCodeApi;

const root = document.getElementById('app');
if (root !== null) void new GalleryApp(root, galleryTransport(acquireVsCodeApi())).start();
