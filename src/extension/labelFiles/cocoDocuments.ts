import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { CocoDocument } from '../../dataset/coco/cocoDocument';
import { CocoImageFiles } from '../../dataset/coco/cocoImageFiles';
import { boundaryOf } from '../../dataset/datasetPaths';
import { DisposableStore } from '../../common/disposables';
import { CancelledError, throwIfCancelled } from '../../common/errors';
import { documentText } from './documentText';

/** After a stroke, milliseconds. */
const typingPause = 800;

interface Scan {
  /** Of the document, when the scan began. */
  readonly version: number;
  readonly abort: AbortController;
  readonly result: Promise<CocoDocument | undefined>;
  /** Once the scan is done. */
  document: CocoDocument | undefined;
}

/** Open COCO files whose text has been scanned, for what no analysis tells: labels and images not analyzed yet. */
export class CocoDocuments implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly scans = new Map<vscode.TextDocument, Scan>();
  /** When a document was last typed into. */
  private readonly edited = new WeakMap<vscode.TextDocument, number>();
  private readonly files = new Map<string, Promise<CocoImageFiles>>();

  constructor() {
    this.store.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length === 0) return;
        this.edited.set(document, Date.now());
        const scan = this.scans.get(document);
        if (scan === undefined) return;
        if (scan.document === undefined) this.forget(document);
        else {
          scan.document.apply(
            contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
              offset: rangeOffset,
              length: rangeLength,
              text,
            })),
          );
        }
      }),
    );
    // What was typed is in the file now: the next question reads it anew.
    this.store.add(vscode.workspace.onDidSaveTextDocument(document => this.forget(document)));
    this.store.add(vscode.workspace.onDidCloseTextDocument(document => this.forget(document)));
  }

  /**
   * Scans the text once, in small parts, when nobody is typing. Entries keep their places while it is edited elsewhere.
   * @param upToDate scans again where the text has been edited since
   * @returns undefined for text that is malformed, or that changes meanwhile
   */
  scanned(document: vscode.TextDocument, upToDate = false): Promise<CocoDocument | undefined> {
    const known = this.scans.get(document);
    if (known !== undefined && !(upToDate && known.version !== document.version)) return known.result;
    this.forget(document);
    const abort = new AbortController();
    const pause = Math.max(0, (this.edited.get(document) ?? 0) + typingPause - Date.now());
    const result = scanAfter(upToDate ? 0 : pause, document, abort.signal).then(
      found => (scan.document = found),
      (error: unknown) => {
        // Malformed for the moment: asked again after the next save.
        if (error instanceof CancelledError && this.scans.get(document) === scan) this.scans.delete(document);
        return undefined;
      },
    );
    const scan: Scan = { version: document.version, abort, result, document: undefined };
    this.scans.set(document, scan);
    return result;
  }

  /** A scan that is done, of the text or of what it has been edited from since. */
  known(document: vscode.TextDocument): CocoDocument | undefined {
    return this.scans.get(document)?.document;
  }

  /** The file of an image that a COCO file names; undefined where there is none. */
  async imageFile(labelFile: string, name: string): Promise<string | undefined> {
    const files = this.files.get(labelFile) ?? openFiles(labelFile, name);
    this.files.set(labelFile, files);
    files.catch(() => this.files.delete(labelFile));
    const found = await (await files).find(name);
    return 'file' in found ? found.file : undefined;
  }

  dispose(): void {
    for (const document of [...this.scans.keys()]) this.forget(document);
    this.store.dispose();
  }

  private forget(document: vscode.TextDocument): void {
    this.scans.get(document)?.abort.abort();
    this.scans.delete(document);
    this.files.delete(document.uri.fsPath);
  }
}

async function scanAfter(pause: number, document: vscode.TextDocument, signal: AbortSignal): Promise<CocoDocument> {
  if (pause > 0) await setTimeout(pause);
  throwIfCancelled(signal);
  return CocoDocument.open(documentText(document), document.uri.fsPath, { signal });
}

async function openFiles(labelFile: string, firstName: string): Promise<CocoImageFiles> {
  return CocoImageFiles.open(labelFile, await boundaryOf(labelFile), [], [firstName]);
}
