import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import type { DatasetOverview, DatasetProgress, DatasetRunResult } from '../../protocol/dataset';
import type { Engine } from '../engine';
import type { ErrorMessages } from '../errorMessages';
import type { ModelPicker } from '../modelPicker';
import type { ChosenDataset } from './currentDataset';
import { runDataset, type RunOptions } from './datasetRun';
import type { RunMemory } from './runMemory';

/** Milliseconds between two looks at what a run has stored. */
const pause = 2_000;

/** The run under way: how far it is, and what it has stored so far. */
export class CurrentRun implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.changed.event;
  private readonly looked = this.store.add(new vscode.EventEmitter<void>());
  /** There is another {@link overview}. */
  readonly onDidLook = this.looked.event;
  private abort: AbortController | undefined;
  private latest: DatasetProgress | undefined;
  private stored: DatasetOverview | undefined;
  private nextLook = 0;
  private disposed = false;

  constructor(
    private readonly engine: Engine,
    private readonly models: ModelPicker,
    private readonly errors: ErrorMessages,
    private readonly memory: RunMemory,
  ) {}

  /** Undefined while no run is under way. */
  get progress(): DatasetProgress | undefined {
    return this.latest;
  }

  /** What the run has stored; undefined before there is anything. */
  get overview(): DatasetOverview | undefined {
    return this.stored;
  }

  /** Throws what {@link runDataset} throws. One at a time. */
  async start(
    dataset: ChosenDataset,
    options: Pick<RunOptions, 'quiet' | 'images'> & { readonly signal?: AbortSignal },
  ): Promise<DatasetRunResult | undefined> {
    const abort = new AbortController();
    this.abort = abort;
    // The first images are soon there to be seen.
    this.nextLook = 0;
    if (!options.quiet) await this.memory.begin(dataset.store);
    try {
      const signal = options.signal === undefined ? abort.signal : AbortSignal.any([abort.signal, options.signal]);
      const onProgress = (progress: DatasetProgress) => this.report(progress, dataset, abort);
      return await runDataset(this.engine, this.models, dataset, { ...options, signal, onProgress });
    } finally {
      this.abort = undefined;
      this.latest = undefined;
      this.stored = undefined;
      // A run that the window's end interrupts is remembered.
      if (!this.disposed) {
        if (!options.quiet) await this.memory.end();
        this.changed.fire();
      }
    }
  }

  /** What has been stored stays. */
  cancel(): void {
    this.abort?.abort();
  }

  dispose(): void {
    this.disposed = true;
    this.cancel();
    this.store.dispose();
  }

  private report(progress: DatasetProgress, { store }: ChosenDataset, run: AbortController): void {
    if (this.abort !== run) return;
    this.latest = progress;
    this.changed.fire();
    if (progress.done === 0 || Date.now() < this.nextLook) return;
    this.nextLook = Date.now() + pause;
    this.engine.client.request('datasetOverview', { store }).then(
      overview => {
        if (this.abort !== run) return;
        this.stored = overview;
        this.looked.fire();
      },
      (error: unknown) => this.errors.write(error),
    );
  }
}
