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
 * Has label files know what the store of the workspace's data set tells: of the images with the strongest suspicions,
 * once the store has been read, whatever is open; and of files in sight, of one image that one, of a COCO file the images
 * whose labels are in sight.
 */
export class StoredFactsLoader implements vscode.Disposable {
  private readonly store = new DisposableStore();
  /** By label file: images that were asked for, in the store or not. */
  private readonly asked = new Map<string, Set<string>>();
  /** Images that the store told of. */
  private readonly given = new Set<string>();
  /** The images that matter most, open or not; undefined before they have been asked for. */
  private notable: ReadonlyMap<string, ReadonlySet<string>> | undefined;
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
        this.close(normalize(uri.fsPath));
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

  /** The store has been read: it may say something else now. */
  storeRead(): void {
    this.notable ??= new Map();
    this.again.add(undefined);
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
    const read = [...new Set([...visible, ...open])].map(document => this.load(document));
    // What is still so comes again in a moment; until then it stays.
    void Promise.all([...read, this.loadNotable(generation)]).then(() => {
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

  /** What is listed of a file that nobody looks at any more goes with it, but for what matters most. */
  private close(file: string): void {
    if (!this.asked.has(file)) return;
    const kept = this.notable?.get(file) ?? new Set();
    if (kept.size === 0) this.asked.delete(file);
    else this.asked.set(file, new Set(kept));
    this.facts.dropStored(
      ({ image, labelFile }) => normalize(labelFile.files[0] ?? '') === file && !kept.has(image.file),
    );
  }

  /** Once the store has been read for the explorer: a window that shows nothing of it need not start an engine. */
  private async loadNotable(generation: number): Promise<void> {
    if (this.notable === undefined || !vscode.workspace.isTrusted) return;
    try {
      const notable = await this.reader.notableByFile();
      if (generation !== this.generation) return;
      this.notable = notable;
      await this.read(notable, generation);
      for (const file of notable.keys()) await this.isComplete(file);
    } catch (error) {
      this.errors.write(error);
    }
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
        if (image !== undefined) await this.read(new Map([[file, [image]]]), generation);
        return;
      }
      if (!this.asked.has(file)) {
        await this.read(new Map([[file, await this.reader.notableImages(file)]]), generation);
      }
      if (await this.isComplete(file)) return;
      await this.read(new Map([[file, await this.inSight(document)]]), generation);
      await this.isComplete(file);
    } catch (error) {
      this.errors.write(error);
    }
  }

  /** @param files images by the file that their labels are written in */
  private async read(files: ReadonlyMap<string, Iterable<string>>, generation: number): Promise<void> {
    if (generation !== this.generation) return;
    const fresh = new Map<string, string[]>();
    for (const [file, images] of files) {
      const asked = this.asked.get(file) ?? new Set();
      this.asked.set(file, asked);
      const others = [...images].filter(image => !asked.has(image));
      for (const image of others) asked.add(image);
      if (others.length > 0) fresh.set(file, others);
    }
    if (fresh.size === 0) return;
    for await (const facts of this.reader.read(fresh)) {
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
