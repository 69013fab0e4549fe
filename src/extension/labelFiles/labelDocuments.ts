import { normalize } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import { debounced } from '../debounced';
import { LabelDocument } from './labelDocument';
import type { LabelFactsSource } from './labelFacts';
import type { LabelFormats } from './labelFormats';

/** The open label files of which something is known. */
export class LabelDocuments implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly documents = new Map<vscode.TextDocument, LabelDocument>();
  private readonly changed = this.store.add(new vscode.EventEmitter<vscode.TextDocument>());
  /** Fires after each change of the text or of what is known about it. */
  readonly onDidChange = this.changed.event;
  private readonly anchorLater = this.store.add(
    debounced(50, (documents: Iterable<vscode.TextDocument>) => {
      for (const document of documents) void this.anchor(document);
    }),
  );

  constructor(
    private readonly facts: LabelFactsSource,
    private readonly formats: LabelFormats,
  ) {
    this.store.add(facts.onDidChange(file => this.look(file)));
    this.store.add(vscode.workspace.onDidOpenTextDocument(document => this.anchorLater.add(document)));
    this.store.add(vscode.workspace.onDidSaveTextDocument(document => this.anchorLater.add(document)));
    this.store.add(vscode.workspace.onDidCloseTextDocument(document => this.documents.delete(document)));
    this.store.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const labels = this.documents.get(document);
        if (labels === undefined || contentChanges.length === 0) return;
        labels.apply(contentChanges);
        this.changed.fire(document);
      }),
    );
    for (const document of vscode.workspace.textDocuments) this.anchorLater.add(document);
  }

  get(document: vscode.TextDocument): LabelDocument | undefined {
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

  private async anchor(document: vscode.TextDocument): Promise<void> {
    if (document.isClosed || document.uri.scheme !== 'file') return;
    const images = this.facts.imagesOf(document.uri.fsPath);
    const known = this.documents.get(document);
    if (images.length === 0 && known === undefined) return;
    const format = known?.format ?? images[0]?.labelFile.format ?? (await this.formats.of(document));
    if (format === undefined) return;
    const labels = known ?? new LabelDocument(document, format);
    this.documents.set(document, labels);
    // Typed into meanwhile: what was followed before still holds, the rest waits for the next save.
    if (!(await labels.anchor(images)) && !document.isClosed && !document.isDirty) this.anchorLater.add(document);
    this.changed.fire(document);
  }
}
