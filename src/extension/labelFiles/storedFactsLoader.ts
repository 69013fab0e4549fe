import { dirname, normalize } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import type { ErrorMessages } from '../errorMessages';
import type { CurrentDataset } from '../explorer/currentDataset';
import { debounced } from '../debounced';
import { imageOfLabelFile } from '../imageOfLabelFile';
import type { CocoDocuments } from './cocoDocuments';
import { documentText } from './documentText';
import type { Coverage } from './labelFacts';
import { labelFileSelector, type LabelFormats } from './labelFormats';
import type { SessionFacts } from './sessionFacts';
import type { StoredFactsReader } from './storedFacts';
import { visibleOffsets } from './visibleOffsets';

/** Labels in sight whose images are looked up: a line may hold thousands. */
const mostInSight = 600;

/**
 * Has label files that are in sight know what the store of the workspace's data set tells: of a file of one image that
 * one, of a COCO file the images with the strongest suspicions and those in sight.
 */
export class StoredFactsLoader implements vscode.Disposable {
  private readonly store = new DisposableStore();
  /** By label file: images that were asked for, in the store or not. */
  private readonly asked = new Map<string, Set<string>>();
  /** Images that the store told of. */
  private readonly given = new Set<string>();
  private readonly coverages = new Map<string, Coverage>();
  private watcher: vscode.Disposable | undefined;
  /** Counts up whenever what was read holds no longer. */
  private generation = 0;
  private readonly look = this.store.add(
    debounced(250, (documents: Iterable<vscode.TextDocument>) => {
      for (const document of documents) void this.load(document);
    }),
  );
  private readonly again = this.store.add(debounced(500, () => this.reload()));

  constructor(
    private readonly facts: SessionFacts,
    private readonly reader: StoredFactsReader,
    private readonly dataset: CurrentDataset,
    private readonly formats: LabelFormats,
    private readonly coco: CocoDocuments,
    private readonly errors: ErrorMessages,
  ) {
    const lookAt = (editors: readonly vscode.TextEditor[]) => {
      for (const { document } of editors) {
        if (vscode.languages.match(labelFileSelector, document) > 0) this.look.add(document);
      }
    };
    this.store.add(vscode.window.onDidChangeVisibleTextEditors(lookAt));
    this.store.add(vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => lookAt([textEditor])));
    // What is listed of a file that nobody looks at any more goes with it.
    this.store.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        const file = normalize(uri.fsPath);
        if (this.asked.delete(file)) facts.dropStored(({ labelFile }) => normalize(labelFile.files[0] ?? '') === file);
      }),
    );
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.again.add(undefined)));
    this.store.add(
      dataset.onDidChange(() => {
        this.watch();
        this.again.add(undefined);
      }),
    );
    this.watch();
    lookAt(vscode.window.visibleTextEditors);
  }

  /** What was analyzed may hold no longer: with another model or card, other settings, or after a run. */
  reload(): void {
    const generation = ++this.generation;
    this.reader.forget();
    const files = new Set(this.asked.keys());
    this.asked.clear();
    this.coverages.clear();
    this.given.clear();
    const visible = vscode.window.visibleTextEditors.map(({ document }) => document);
    const open = vscode.workspace.textDocuments.filter(({ uri }) => files.has(normalize(uri.fsPath)));
    // What is still so comes again in a moment; until then it stays.
    void Promise.all([...new Set([...visible, ...open])].map(document => this.load(document))).then(() => {
      if (generation === this.generation) this.facts.dropStored(({ image }) => !this.given.has(image.file));
    });
  }

  /** Which part of a COCO file is known; undefined where all of it is, or where nothing was read from a store. */
  coverageOf(labelFile: string): Coverage | undefined {
    const coverage = this.coverages.get(normalize(labelFile));
    return coverage === undefined || coverage.images >= coverage.of ? undefined : coverage;
  }

  dispose(): void {
    this.watcher?.dispose();
    this.store.dispose();
  }

  private watch(): void {
    this.watcher?.dispose();
    const { value } = this.dataset;
    if (value === undefined) return;
    const folder = vscode.Uri.file(dirname(value.store));
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '*.sqlite'));
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) {
      event(({ fsPath }) => {
        if (normalize(fsPath) === normalize(value.store)) this.again.add(undefined);
      });
    }
    this.watcher = watcher;
  }

  private async load(document: vscode.TextDocument): Promise<void> {
    const file = normalize(document.uri.fsPath);
    if (document.isClosed || document.uri.scheme !== 'file' || !vscode.workspace.isTrusted) return;
    if (!this.reader.concerns(file)) return;
    const { generation } = this;
    try {
      const format = await this.formats.of(document);
      if (format === undefined) return;
      if (format !== 'coco') {
        const image = imageOfLabelFile(file);
        if (image !== undefined) await this.read(file, [image], generation);
        return;
      }
      if (!this.asked.has(file)) await this.read(file, await this.reader.notableImages(file), generation);
      if (await this.isComplete(file)) return;
      await this.read(file, await this.inSight(document), generation);
      await this.isComplete(file);
    } catch (error) {
      this.errors.write(error);
    }
  }

  private async read(file: string, images: readonly string[], generation: number): Promise<void> {
    const asked = this.asked.get(file) ?? new Set();
    const fresh = images.filter(image => !asked.has(image));
    if (generation !== this.generation) return;
    this.asked.set(file, asked);
    for (const image of fresh) asked.add(image);
    if (fresh.length === 0) return;
    for await (const facts of this.reader.read(file, fresh)) {
      if (generation !== this.generation) return;
      for (const { image } of facts) this.given.add(image.file);
      this.facts.addStored(facts);
    }
  }

  private async isComplete(file: string): Promise<boolean> {
    const coverage = await this.reader.coverage(file, this.facts.imagesOf(file).length);
    if (coverage === undefined) return true;
    this.coverages.set(file, coverage);
    return coverage.images >= coverage.of;
  }

  /** The images whose entries or labels are in sight. */
  private async inSight(document: vscode.TextDocument): Promise<string[]> {
    const scanned = await this.coco.scanned(document);
    if (scanned === undefined || document.isClosed) return [];
    const text = documentText(document);
    const names = new Set<string>();
    for (const offset of visibleOffsets(document, /"bbox"\s*:/g).slice(0, mostInSight)) {
      const name = scanned.labelAt(text, offset)?.image?.name;
      if (name !== undefined) names.add(name);
    }
    for (const offset of visibleOffsets(document, /"file_name"\s*:/g).slice(0, mostInSight)) {
      const name = scanned.imageAt(text, offset)?.image.name;
      if (name !== undefined) names.add(name);
    }
    const files = await Promise.all(
      [...names].map(name => this.coco.imageFile(document.uri.fsPath, name).catch(() => undefined)),
    );
    return files.flatMap(file => file ?? []);
  }
}
