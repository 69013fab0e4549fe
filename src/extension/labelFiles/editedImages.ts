import { normalize } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import type { CocoDocuments } from './cocoDocuments';
import { documentText } from './documentText';
import { editedCoco } from './editedCoco';

/** Images that are remembered of a file. */
const mostNames = 10_000;

/** Images whose labels have been edited in open COCO files, until somebody asks after the files have been saved. */
export class EditedImages implements vscode.Disposable {
  private readonly store = new DisposableStore();
  /** By label file: names, as the file has them. */
  private readonly unsaved = new Map<string, Set<string>>();
  private readonly saved = new Map<string, Set<string>>();

  /** @param coco follows edits before they are looked at here */
  constructor(private readonly coco: CocoDocuments) {
    this.store.add(vscode.workspace.onDidChangeTextDocument(change => this.look(change)));
    this.store.add(vscode.workspace.onDidSaveTextDocument(({ uri }) => this.move(normalize(uri.fsPath))));
    this.store.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.unsaved.delete(normalize(uri.fsPath))));
  }

  /** Hands over the images of a file that has been saved. */
  async take(file: string): Promise<readonly string[]> {
    const names = this.saved.get(file) ?? [];
    this.saved.delete(file);
    const files = await Promise.all([...names].map(name => this.coco.imageFile(file, name).catch(() => undefined)));
    return files.flatMap(found => found ?? []);
  }

  dispose(): void {
    this.store.dispose();
  }

  private look({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const scanned = this.coco.known(document);
    if (scanned === undefined || contentChanges.length === 0) return;
    const changes = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
      offset: rangeOffset,
      length: rangeLength,
      text,
    }));
    const file = normalize(document.uri.fsPath);
    addTo(this.unsaved, file, editedCoco(scanned, documentText(document), changes));
    // What another program has written needs no saving.
    if (!document.isDirty) this.move(file);
  }

  private move(file: string): void {
    addTo(this.saved, file, this.unsaved.get(file) ?? []);
    this.unsaved.delete(file);
  }
}

function addTo(map: Map<string, Set<string>>, file: string, names: Iterable<string>): void {
  const known = map.get(file) ?? new Set();
  for (const name of names) if (known.size < mostNames) known.add(name);
  if (known.size > 0) map.set(file, known);
}
