/** What VS Code gives a webview; `acquireVsCodeApi` can be called once a page. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
