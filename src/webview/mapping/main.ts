import '@vscode-elements/elements/dist/vscode-button/index.js';
import { MessageHandler, type PassiveSide } from '../../common/messageHandler';
import type { MappingPageSide } from '../../protocol/classMapping';
import { hostTransport } from '../transport/hostTransport';
import type { VsCodeApi } from '../transport/vsCodeApi';
import { MappingApp } from './mappingApp';
import './mapping.css';

declare function acquireVsCodeApi(): VsCodeApi;

const root = document.getElementById('app');
if (root !== null) {
  const api = acquireVsCodeApi();
  const listeners = new Set<() => void>();
  const handler = new MessageHandler<PassiveSide, MappingPageSide>(hostTransport(api), {
    handlers: {},
    events: { mappingChanged: () => listeners.forEach(listener => listener()) },
  });
  void new MappingApp(root, {
    getMapping: signal => handler.request('getMapping', undefined, { signal }),
    saveMapping: choices => handler.request('saveMapping', { choices }),
    openCard: () => handler.request('openCard', undefined),
    analyzeDataset: () => handler.request('analyzeDataset', undefined),
    onMappingChanged: listener => listeners.add(listener),
  }).start();
}
