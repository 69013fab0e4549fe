/** The gallery's page in a real browser, with a host that answers from the test. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GalleryItem, GalleryMethods, GallerySnapshot, TriageState } from '../../../src/protocol/gallery';
import type { GalleryRow } from '../../../src/protocol/galleryStore';
import type { WebviewBundle } from './lensPage';

/**
 * Writes a page whose `acquireVsCodeApi` answers requests through `window.answer(method, params)`, a binding the test
 * exposes; requests that the page cancels are told to `window.cancelled(method)`, and `window.announce(event, revision)`
 * sends an event. The policy is as strict as a webview's.
 */
export async function writeGalleryPage(folder: string, { script, style }: WebviewBundle): Promise<string> {
  const host = `
    const send = message => window.postMessage(message, '*');
    const methods = new Map();
    window.announce = (event, revision) => send({ type: 'event', event, payload: { revision } });
    window.acquireVsCodeApi = () => ({
      getState: () => JSON.parse(sessionStorage.getItem('view') ?? 'null') ?? undefined,
      setState: view => sessionStorage.setItem('view', JSON.stringify(view)),
      postMessage: async message => {
        if (message.type === 'cancel') window.cancelled(methods.get(message.id));
        if (message.type !== 'request') return;
        methods.set(message.id, message.method);
        const answer = await window.answer(message.method, message.params ?? null);
        if (answer.error !== undefined) send({ type: 'error', id: message.id, error: { name: 'Error', message: answer.error } });
        else send({ type: 'reply', id: message.id, result: answer.result });
      },
    });`;
  const policy =
    "default-src 'none'; img-src data:; style-src 'nonce-test'; script-src 'nonce-test'; font-src data:; connect-src 'none'";
  const file = join(folder, 'gallery.html');
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}"><style nonce="test">${style}</style></head>
<body class="vscode-dark"><div id="app"></div><script nonce="test">${host}</script>
<script nonce="test">${script.replaceAll('</script', '<\\/script')}</script></body></html>`;
  await writeFile(file, html);
  return pathToFileURL(file).href;
}

const pixel = 'data:image/gif;base64,R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=';

/** A data set of a million suspicions, made up as they are asked for. */
export class MadeUpGallery {
  revision = 1;
  state: GallerySnapshot['state'];
  readonly asked: { readonly method: string; readonly params: unknown }[] = [];
  readonly cancelled: string[] = [];
  readonly triage = new Map<string, TriageState>();
  /** Suspicions in the list of confirmed ones: the first. */
  confirmed = 0;
  /** Milliseconds that a picture takes. */
  cropTime = 0;
  /** Pictures under way, and the most of them that ever were; what is cancelled is none. */
  crops = 0;
  mostCrops = 0;
  failing: string | undefined;

  constructor(readonly count = 1_000_000) {
    this.state = {
      kind: 'ready',
      dataset: 'labels.json',
      images: 10,
      counts: { issues: count, confirmed: 0, labels: 5, uncovered: 0, places: 0 },
      kinds: [{ kind: 'wrongClass', count }],
      trusted: true,
    };
  }

  askedFor(method: keyof GalleryMethods): unknown[] {
    return this.asked.filter(request => request.method === method).map(({ params }) => params);
  }

  async answer(method: keyof GalleryMethods, params: never): Promise<{ result: unknown } | { error: string }> {
    this.asked.push({ method, params });
    if (this.failing !== undefined) return { error: this.failing };
    return { result: await this.act(method, params) };
  }

  private async act(method: keyof GalleryMethods, params: unknown): Promise<unknown> {
    const { key = '', ...asked } = (params ?? {}) as { key?: string; source?: string; offset?: number; limit?: number };
    switch (method) {
      case 'getState':
        return { revision: this.revision, state: this.state };
      case 'sections':
        if (asked.source === 'confirmed') return this.confirmed === 0 ? [] : [{ count: this.confirmed }];
        return asked.source === 'issues' ? this.sections(params as { group: string }) : [];
      case 'rows':
        return Array.from({ length: asked.limit ?? 0 }, (_, i) => this.item((asked.offset ?? 0) + i));
      case 'triageStates':
        return (params as { keys: string[] }).keys.map(own => this.triage.get(own) ?? { state: 'open' });
      case 'crop':
        this.mostCrops = Math.max(this.mostCrops, ++this.crops);
        await new Promise(resolve => setTimeout(resolve, this.cropTime));
        this.crops--;
        return { uri: pixel, width: 1, height: 1, heat: false, region: { left: 0, top: 0, width: 100, height: 100 } };
      case 'details':
        return {
          issue: this.item(Number(key.split(' ')[1])).content.row,
          triage: this.triage.get(key) ?? { state: 'open' },
          fixes: ['Change class to <i>ship</i>', 'Remove this label'],
          standing: null,
          hasSource: true,
        };
      case 'applyFix':
      case 'markFixed':
        this.triage.set(key, { state: 'fixed' });
        return true;
      case 'confirm':
        this.triage.set(key, { state: 'confirmed', reason: '' });
        return true;
      case 'dismiss':
        this.triage.set(key, { state: 'dismissed', reason: '<script>alert(1)</script>' });
        return true;
      case 'restore':
        this.triage.delete(key);
        return true;
      case 'undo':
        return false;
      default:
        return null;
    }
  }

  private sections({ group }: { group: string }): object[] {
    if (group !== 'class') return [{ count: this.count }];
    const half = Math.floor(this.count / 2);
    return [
      { category: '<b>boat</b>', count: half },
      { category: 'ship', count: this.count - half },
    ];
  }

  private item(id: number): GalleryItem {
    const content: GalleryRow = {
      type: 'issue',
      loss: 1,
      row: {
        id,
        image: `/data/images/<img src=x>${id}.png`,
        kind: 'wrongClass',
        score: 1 - id / (this.count + 1),
        label: String(id),
        source: undefined,
        bbox: [20, 30, 40, 20],
        category: '<b>boat</b>',
        suggestedCategory: 'ship',
        suggestedBbox: [22, 28, 44, 26],
        evidence: `<script>evidence</script> ${id}`,
      },
    };
    return { key: `issue ${id}`, content, triage: this.triage.get(`issue ${id}`) ?? { state: 'open' } };
  }
}
