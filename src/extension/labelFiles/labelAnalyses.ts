import { stat } from 'node:fs/promises';
import { basename, normalize } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import { CancelledError, UserError } from '../../common/errors';
import { findLabels } from '../../dataset/findLabels';
import { LabelIndex } from '../../dataset/labelIndex';
import { debounced } from '../debounced';
import { readSettings } from '../settings';
import type { EditedImages } from './editedImages';
import type { LabelFileHost } from './labelFileHost';
import type { ImageFacts } from './labelFacts';
import { rereadLabels } from './rereadLabels';
import type { SessionFacts } from './sessionFacts';
import { SharedTasks } from './sharedTasks';

/** Images of a saved label file that are analyzed again by themselves; what is known of others is dropped. */
const maxAgain = 8;
/** Files of which it is remembered when they were written. */
const mostRemembered = 10_000;

/** A label file that is another one now. */
export interface FollowedFile {
  readonly file: string;
  /** Images whose labels are known to have changed. */
  readonly images: readonly string[];
}

/** Analyses of images for their labels' sake: on request, and again when their labels have changed. */
export class LabelAnalyses implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly index = new LabelIndex();
  /** By image; false for what was cancelled. */
  private readonly running = new SharedTasks<boolean>();
  private readonly followed = this.store.add(new vscode.EventEmitter<FollowedFile>());
  /** A label file has been read again. */
  readonly onDidFollow = this.followed.event;
  /** When files were written that have been followed, milliseconds. */
  private readonly written = new Map<string, number>();
  private readonly again = this.store.add(
    debounced(300, (files: Iterable<string>) => {
      for (const file of files) void this.followFile(file);
    }),
  );

  constructor(
    private readonly host: LabelFileHost,
    private readonly facts: SessionFacts,
    private readonly edited: EditedImages,
  ) {
    this.store.add(host.analysis.onDidAnalyze(({ result }) => facts.set(result)));
    this.store.add(
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (uri.scheme === 'file') this.follow(uri.fsPath);
      }),
    );
    // A file that another program has written comes in as a change that needs no saving.
    this.store.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document.isDirty || contentChanges.length === 0 || document.uri.scheme !== 'file') return;
        this.follow(document.uri.fsPath);
      }),
    );
  }

  /** A label file may have been written. */
  follow(file: string): void {
    this.again.add(normalize(file));
  }

  /** With progress that the user can cancel, and a message when it fails. False unless the image has been analyzed. */
  async analyze(image: vscode.Uri): Promise<boolean> {
    if (!(await this.host.hasModel(image))) return false;
    const options: vscode.ProgressOptions = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Focal Lens: analyzing {0}', basename(image.fsPath)),
      cancellable: true,
    };
    return vscode.window.withProgress(options, async (_, token) => {
      try {
        return await this.run(image, token);
      } catch (error) {
        this.host.errors.show(error);
        return false;
      }
    });
  }

  /** Without a word: what goes wrong is logged. */
  async analyzeQuietly(image: vscode.Uri, token?: vscode.CancellationToken): Promise<boolean> {
    try {
      return await this.run(image, token);
    } catch (error) {
      this.host.errors.write(error);
      return false;
    }
  }

  dispose(): void {
    this.store.dispose();
  }

  private run(image: vscode.Uri, token: vscode.CancellationToken | undefined): Promise<boolean> {
    return this.running.join(image.toString(), token, false, signal => this.start(image, signal));
  }

  private async start(image: vscode.Uri, signal: AbortSignal): Promise<boolean> {
    try {
      const none = () => undefined;
      const { result } = await this.host.analysis.analyze(image, { signal, onStage: none, onImage: none });
      if (result.analysis.labelFile === undefined) {
        throw new UserError(vscode.l10n.t('no labels were found for this image'), { where: image.fsPath });
      }
      return true;
    } catch (error) {
      if (error instanceof CancelledError) return false;
      throw error;
    }
  }

  /** A label file is another one now: images whose labels stayed keep their numbers, the others are analyzed again. */
  private async followFile(file: string): Promise<void> {
    const isDirty = vscode.workspace.textDocuments.some(
      document => document.isDirty && document.uri.scheme === 'file' && normalize(document.uri.fsPath) === file,
    );
    // It was not read from the file but typed into, and is analyzed when it is saved.
    if (isDirty || !(await this.isNew(file))) return;
    const changed: ImageFacts[] = [];
    for (const image of this.facts.imagesOf(file)) {
      const uri = vscode.Uri.file(image.image.file);
      // Its lens is analyzed again and tells.
      const updated = this.host.hasLens(uri) ? undefined : await this.reread(image, uri);
      if (updated === undefined) changed.push(image);
      else this.facts.update(updated);
    }
    const images = new Set(changed.map(({ image }) => image.file));
    for (const image of await this.edited.take(file)) images.add(image);
    this.followed.fire({ file, images: [...images] });
    let again = 0;
    for (const { image } of changed) {
      const uri = vscode.Uri.file(image.file);
      if (this.host.hasLens(uri)) continue;
      if (++again <= maxAgain && vscode.workspace.isTrusted) await this.analyzeQuietly(uri);
      else this.facts.delete(image.file);
    }
  }

  /** Whether a file is another one than when it was last followed: a save is told of by editor and file system. */
  private async isNew(file: string): Promise<boolean> {
    const written = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    if (this.written.get(file) === written) return false;
    if (this.written.size >= mostRemembered) this.written.clear();
    this.written.set(file, written);
    return true;
  }

  private async reread(image: ImageFacts, uri: vscode.Uri): Promise<ImageFacts | undefined> {
    const labels = await this.read(image, uri);
    return labels && rereadLabels(image, labels);
  }

  private async read(image: ImageFacts, uri: vscode.Uri) {
    try {
      return await findLabels(image.image, readSettings(uri).labels, this.index);
    } catch (error) {
      this.host.errors.write(error);
      return undefined;
    }
  }
}
