import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import type { DatasetOverview, DatasetProgress, DatasetRunResult } from '../../protocol/dataset';
import type { Engine } from '../engine';
import type { ErrorMessages } from '../errorMessages';
import type { ModelPicker } from '../modelPicker';
import type { ChosenDataset } from './currentDataset';
import { runDataset } from './datasetRun';

/** Milliseconds between two looks at what a run has stored. */
const pause = 2_000;

/** The run under way: how far it is, and what it has stored so far. */
export class CurrentRun implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.changed.event;
  private abort: AbortController | undefined;
  private latest: DatasetProgress | undefined;
  private stored: DatasetOverview | undefined;
  private looked = 0;

  constructor(
    private readonly engine: Engine,
    private readonly models: ModelPicker,
    private readonly errors: ErrorMessages,
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
  async start(dataset: ChosenDataset, { quiet }: { quiet: boolean }): Promise<DatasetRunResult | undefined> {
    const abort = new AbortController();
    this.abort = abort;
    try {
      const onProgress = (progress: DatasetProgress) => this.report(progress, dataset, abort);
      return await runDataset(this.engine, this.models, dataset, { quiet, signal: abort.signal, onProgress });
    } finally {
      this.abort = undefined;
      this.latest = undefined;
      this.stored = undefined;
      this.changed.fire();
    }
  }

  /** What has been stored stays. */
  cancel(): void {
    this.abort?.abort();
  }

  dispose(): void {
    this.cancel();
    this.store.dispose();
  }

  private report(progress: DatasetProgress, { store }: ChosenDataset, run: AbortController): void {
    if (this.abort !== run) return;
    this.latest = progress;
    this.changed.fire();
    if (progress.done === 0 || Date.now() - this.looked < pause) return;
    this.looked = Date.now();
    this.engine.client.request('datasetOverview', { store }).then(
      overview => {
        if (this.abort === run) this.stored = overview;
      },
      (error: unknown) => this.errors.write(error),
    );
  }
}
