import '@vscode-elements/elements/dist/vscode-button/index.js';
import { MessageHandler, type PassiveSide } from '../../common/messageHandler';
import type { OverviewSide } from '../../protocol/overview';
import { hostTransport } from '../transport/hostTransport';
import type { VsCodeApi } from '../transport/vsCodeApi';
import { OverviewApp } from './overviewApp';
import './overview.css';

declare function acquireVsCodeApi(): VsCodeApi;

const root = document.getElementById('app');
if (root !== null) {
  const api = acquireVsCodeApi();
  const listeners = new Set<() => void>();
  const handler = new MessageHandler<PassiveSide, OverviewSide>(hostTransport(api), {
    handlers: {},
    events: { stateChanged: () => listeners.forEach(listener => listener()) },
  });
  void new OverviewApp(root, {
    getState: signal => handler.request('getState', undefined, { signal }),
    filter: (part, value) => handler.request('filter', { part, ...(value === undefined ? {} : { value }) }),
    analyzeDataset: () => handler.request('analyzeDataset', undefined),
    cancelRun: () => handler.request('cancelRun', undefined),
    onStateChanged: listener => listeners.add(listener),
    loadView: () => api.getState(),
    saveView: view => api.setState(view),
  }).start();
}
