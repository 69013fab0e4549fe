/** The webview's bundle in a page of a real browser: as a report, or with a host that answers from the test. */
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { embedAnalysis } from '../../../src/engine/report/embedAnalysis';
import { reportDocument } from '../../../src/engine/report/reportDocument';
import type { Analysis } from '../../../src/protocol/analysis';

const candidates = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of a Chromium to test in, or undefined. */
export const chromiumPath = candidates.find(path => path !== undefined && existsSync(path));

export interface WebviewBundle {
  readonly script: string;
  readonly style: string;
}

/** Bundles a page's entry, the lens's unless another is named, as esbuild.mjs does. */
export async function webviewBundle(entry = 'src/webview/main.ts'): Promise<WebviewBundle> {
  const { outputFiles } = await build({
    entryPoints: { webview: entry },
    bundle: true,
    write: false,
    outdir: 'dist',
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    loader: { '.svg': 'text' },
    logLevel: 'error',
  });
  const text = (ending: string) => outputFiles.find(file => file.path.endsWith(ending))?.text ?? '';
  return { script: text('.js'), style: text('.css') };
}

export function launchChromium(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-background-networking', '--use-gl=angle', '--use-angle=swiftshader'];
  return chromium.launch({ executablePath: chromiumPath ?? '', args });
}

/** Errors a page has met: exceptions, and what it wrote to the console as an error. */
export function collectErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(error.message));
  page.on('console', message => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}

/** Writes the report of an analysis, and of `more` after it, to `folder` and returns its URL. */
export async function writeReport(
  folder: string,
  bundle: WebviewBundle,
  analysis: Analysis,
  imageUri: string,
  name = 'report',
  more: readonly { title: string; imageUri: string; analysis: Analysis }[] = [],
): Promise<string> {
  const title = 'slide_007.jpg';
  const shown = [{ title, imageUri, analysis }, ...more];
  const images = await Promise.all(shown.map(image => embedAnalysis(image.title, image.imageUri, image.analysis)));
  const file = join(folder, `${name}.html`);
  await writeFile(file, reportDocument({ title, images, ...bundle }));
  return pathToFileURL(file).href;
}

/**
 * Writes a page whose `acquireVsCodeApi` answers requests through `window.answer(method, params)`, a binding the test
 * exposes; `window.announce(revision)` tells the app of a new state, `window.requestLabel(revision, label)` of a
 * label to show, `window.focusPlace(revision, bbox)` of a place. The policy is as strict as a webview's.
 */
export async function writeHostedPage(folder: string, { script, style }: WebviewBundle): Promise<string> {
  const host = `
    const saved = {};
    const send = message => window.postMessage(message, '*');
    window.announce = revision => send({ type: 'event', event: 'stateChanged', payload: { revision } });
    window.requestLabel = (revision, label) => send({ type: 'event', event: 'labelRequested', payload: { revision, label } });
    window.focusPlace = (revision, bbox) => send({ type: 'event', event: 'focusPlace', payload: { revision, bbox } });
    // A binding carries JSON alone: of a picture its first bytes and its size.
    const plain = params =>
      params?.png instanceof ArrayBuffer
        ? { ...params, png: { head: [...new Uint8Array(params.png, 0, 8)], size: params.png.byteLength } }
        : (params ?? null);
    window.acquireVsCodeApi = () => ({
      getState: () => JSON.parse(sessionStorage.getItem('view') ?? 'null') ?? undefined,
      setState: view => sessionStorage.setItem('view', JSON.stringify(view)),
      postMessage: async message => {
        if (message.type !== 'request') return;
        const answer = await window.answer(message.method, plain(message.params));
        if (answer.error !== undefined) {
          send({ type: 'error', id: message.id, error: { name: 'Error', message: answer.error } });
          return;
        }
        const { analysis } = answer.result?.state ?? {};
        if (analysis) {
          analysis.columns = Uint8Array.from(atob(analysis.columns), c => c.charCodeAt(0)).buffer;
        }
        if (typeof answer.result?.focal === 'string') {
          answer.result.focal = Uint8Array.from(atob(answer.result.focal), c => c.charCodeAt(0)).buffer;
        }
        send({ type: 'reply', id: message.id, result: answer.result });
      },
    });`;
  const policy =
    "default-src 'none'; img-src data:; style-src 'nonce-test'; script-src 'nonce-test'; font-src data:; connect-src 'none'";
  const file = join(folder, 'hosted.html');
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}"><style nonce="test">${style}</style></head>
<body class="vscode-dark"><div id="app" data-restore="file:///slide"></div><script nonce="test">${host}</script>
<script nonce="test">${script.replaceAll('</script', '<\\/script')}</script></body></html>`;
  await writeFile(file, html);
  return pathToFileURL(file).href;
}

/** An analysis as JSON can carry it. */
export function portable(analysis: Analysis): object {
  return { ...analysis, columns: Buffer.from(analysis.columns).toString('base64') };
}
