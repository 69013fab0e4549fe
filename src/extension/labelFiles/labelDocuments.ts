import { normalize } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import { debounced } from '../debounced';
import { LabelDocument } from './labelDocument';
import type { LabelFactsSource } from './labelFacts';
import { labelFileSelector, type LabelFormats } from './labelFormats';
import { UnsavedChanges } from './unsavedChanges';

/** The open label files of which something is known. */
export class LabelDocuments implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly documents = new Map<vscode.TextDocument, LabelDocument>();
  private readonly unsaved = new Map<vscode.TextDocument, UnsavedChanges>();
  private readonly changed = this.store.add(new vscode.EventEmitter<vscode.TextDocument>());
  /** Fires after each change of the text or of what is known about it. */
  readonly onDidChange = this.changed.event;
  private readonly anchorLater = this.store.add(
    debounced(30, (documents: Iterable<vscode.TextDocument>) => {
      for (const document of documents) void this.anchor(document);
    }),
  );

  /** Undone to what the file holds, or read again from there: only certain a moment after the change. */
  private readonly lookLater = this.store.add(
    debounced(250, (documents: Iterable<vscode.TextDocument>) => {
      for (const document of documents) if (!document.isDirty) void this.anchor(document);
    }),
  );

  constructor(
    private readonly facts: LabelFactsSource,
    private readonly formats: LabelFormats,
  ) {
    this.store.add(facts.onDidChange(file => this.look(file)));
    this.store.add(vscode.workspace.onDidOpenTextDocument(document => this.anchorLater.add(document)));
    this.store.add(
      vscode.workspace.onDidSaveTextDocument(document => {
        this.unsaved.get(document)?.clear();
        this.anchorLater.add(document);
      }),
    );
    this.store.add(
      vscode.workspace.onDidCloseTextDocument(document => {
        this.documents.delete(document);
        this.unsaved.delete(document);
      }),
    );
    this.store.add(vscode.workspace.onDidChangeTextDocument(change => this.follow(change)));
    for (const document of vscode.workspace.textDocuments) this.anchorLater.add(document);
  }

  get(document: vscode.TextDocument): LabelDocument | undefined {
    return this.documents.get(document);
  }

  /** The same, once what is known has been looked up in the text. */
  async settled(document: vscode.TextDocument): Promise<LabelDocument | undefined> {
    await this.anchor(document);
    return this.documents.get(document);
  }

  /** The document of a file, if it is open and something is known about it. */
  ofFile(file: string): LabelDocument | undefined {
    const wanted = normalize(file);
    for (const [document, labels] of this.documents) {
      if (normalize(document.uri.fsPath) === wanted) return labels;
    }
    return undefined;
  }

  dispose(): void {
    this.store.dispose();
    this.documents.clear();
  }

  private look(file: string): void {
    for (const document of vscode.workspace.textDocuments) {
      if (document.uri.scheme === 'file' && normalize(document.uri.fsPath) === file) this.anchorLater.add(document);
    }
  }

  private follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0 || vscode.languages.match(labelFileSelector, document) === 0) return;
    const edits = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
      offset: rangeOffset,
      length: rangeLength,
      text,
    }));
    const unsaved = this.unsaved.get(document) ?? new UnsavedChanges();
    this.unsaved.set(document, unsaved);
    unsaved.add(edits);
    this.lookLater.add(document);
    const labels = this.documents.get(document);
    if (labels === undefined) return;
    labels.apply(edits);
    this.changed.fire(document);
  }

  private async anchor(document: vscode.TextDocument): Promise<void> {
    if (document.isClosed || document.uri.scheme !== 'file') return;
    const images = this.facts.imagesOf(document.uri.fsPath);
    const known = this.documents.get(document);
    if (images.length === 0 && known === undefined) return;
    const format = known?.format ?? images[0]?.labelFile.format ?? (await this.formats.of(document));
    if (format === undefined) return;
    const labels = known ?? new LabelDocument(document, format);
    this.documents.set(document, labels);
    const unsaved = this.unsaved.get(document) ?? new UnsavedChanges();
    if (!document.isDirty) unsaved.clear();
    // Typed into meanwhile: what was followed before still holds, the rest comes when the typing stops.
    if (!(await labels.anchor(images, unsaved)) && !document.isClosed) this.anchorLater.add(document);
    this.changed.fire(document);
  }
}
