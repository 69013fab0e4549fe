import { dirname, resolve } from 'node:path';
import type { AnalyzeDatasetRequest, DatasetRunResult, StoreMethods, StoreRequest } from '../../protocol/dataset';
import type { GalleryStoreMethods } from '../../protocol/galleryStore';
import type { LabelFactsStoreMethods } from '../../protocol/labelFactsStore';
import type { Analyzer } from '../analyzer';
import type { DatasetStore } from '../store/datasetStore';
import { galleryQueries } from '../store/galleryQueries';
import { labelFactsQueries } from '../store/labelFactsQueries';
import { RanksMemory } from '../store/lossRanks';
import { readStore } from '../store/storeFile';
import { rootOf, storeQueries } from '../store/storeQueries';
import { runDataset, type DatasetRunOptions } from './datasetRun';

type Questions = StoreMethods & GalleryStoreMethods & LabelFactsStoreMethods;
type Ask<K extends keyof Questions> = (
  database: DatasetStore['reader'],
  root: string,
  params: Questions[K]['params'],
) => Questions[K]['result'];

/** Runs over data sets, and answers questions about stores, those that are being written included. */
export class DatasetDesk {
  private readonly written = new Map<string, DatasetStore>();
  private readonly questions: { readonly [K in keyof Questions]: Ask<K> } = {
    ...storeQueries,
    ...galleryQueries,
    ...labelFactsQueries(new RanksMemory()),
  };

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
  async query<K extends keyof Questions>(
    method: K,
    params: Questions[K]['params'] & StoreRequest,
  ): Promise<Questions[K]['result']> {
    const file = resolve(params.store);
    const read = (database: DatasetStore['reader']) =>
      this.questions[method](database, rootOf(database, dirname(file)), params);
    const written = this.written.get(file);
    return written === undefined ? readStore(file, read) : read(written.reader);
  }
}
