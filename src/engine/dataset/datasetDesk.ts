import { dirname, resolve } from 'node:path';
import type { AnalyzeDatasetRequest, DatasetRunResult, StoreMethods, StoreRequest } from '../../protocol/dataset';
import type { Analyzer } from '../analyzer';
import type { DatasetStore } from '../store/datasetStore';
import { readStore } from '../store/storeFile';
import { rootOf, storeQueries } from '../store/storeQueries';
import { runDataset, type DatasetRunOptions } from './datasetRun';

/** Runs over data sets, and answers questions about stores, those that are being written included. */
export class DatasetDesk {
  private readonly written = new Map<string, DatasetStore>();

  constructor(private readonly analyzer: Analyzer) {}

  analyze(
    request: AnalyzeDatasetRequest,
    options: Pick<DatasetRunOptions, 'signal' | 'onProgress'>,
  ): Promise<DatasetRunResult> {
    return runDataset(this.analyzer, request, {
      ...options,
      onStore: (file, store) => {
        if (store === undefined) this.written.delete(file);
        else this.written.set(file, store);
      },
    });
  }

  /** Throws a UserError where there is no such store, or where the file is something else. */
  async query<K extends keyof StoreMethods>(
    method: K,
    params: StoreMethods[K]['params'] & StoreRequest,
  ): Promise<StoreMethods[K]['result']> {
    const file = resolve(params.store);
    const read = (database: DatasetStore['reader']) =>
      storeQueries[method](database, rootOf(database, dirname(file)), params);
    const written = this.written.get(file);
    return written === undefined ? readStore(file, read) : read(written.reader);
  }
}
