import { existsSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { trainingDatasetNotes } from '../../analysis/trainingData';
import { CancelledError, messageOf, throwIfCancelled, UserError } from '../../common/errors';
import type { Dataset, DatasetImage } from '../../dataset/dataset';
import type { ImageLabels } from '../../dataset/labels';
import { openDataset } from '../../dataset/openDataset';
import { storePlace } from '../../dataset/storePlace';
import type { PreparedGeometry, PreparedImage } from '../../model/types';
import type { AnalyzeDatasetRequest, DatasetProgress, DatasetRunResult } from '../../protocol/dataset';
import { ModelChangedError, type Analyzer } from '../analyzer';
import { analysisThreadCount } from '../imageAnalysis/analysisThreads';
import { aboutImage, decodeAndPrepare, readImage, type ImageSize } from '../imageSteps';
import type { LoadedModel } from '../modelStore';
import { SerialQueue } from '../serialQueue';
import { DatasetStore, type ImageIdentity } from '../store/datasetStore';
import type { ImageResult } from '../store/imageResult';
import { ThreadStoppedError } from '../threads/thread';
import { openWritable } from '../store/storeFile';
import { storedName } from '../store/storeQueries';
import { imageKey, labelPositions, modelFingerprint } from './fingerprint';
import { readSettled } from './readSettled';
import { RunProgress } from './runProgress';

/** Images between reading and storing: some are analysed while the network runs on another and the next is prepared. */
const inFlight = analysisThreadCount + 2;

/** When the threads die of so many images one after the other, a run ends. */
const mostStopped = 3;

export interface DatasetRunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DatasetProgress) => void) | undefined;
  /** Told of the store once it is open, and with undefined before it is closed. */
  readonly onStore?: ((file: string, store: DatasetStore | undefined) => void) | undefined;
}

/** What has become of an image before it is stored. */
type Outcome =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'moved'; readonly id: number; readonly positions: string; readonly labels: ImageLabels }
  | { readonly kind: 'failed'; readonly error: string; readonly stopped?: ThreadStoppedError }
  | { readonly kind: 'computed'; readonly key: string; readonly positions: string; readonly result: ImageResult };

/** An image that has to be computed. */
interface ReadyImage {
  readonly kind: 'ready';
  readonly key: string;
  readonly positions: string;
  readonly labels: ImageLabels | undefined;
  readonly prepared: PreparedImage;
  readonly size: ImageSize;
}

/**
 * Analyses every image of a data set and stores the results, each image in a transaction of its own and always in the
 * data set's order: a run that was killed and resumed leaves what an undisturbed one does. Images that fail are listed
 * in the store.
 *
 * @returns also when `signal` aborts, with what has been stored by then
 * @throws UserError when data set, model or store are unfit
 */
export async function runDataset(
  analyzer: Analyzer,
  request: AnalyzeDatasetRequest,
  options: DatasetRunOptions = {},
): Promise<DatasetRunResult> {
  const { signal, onProgress, onStore } = options;
  const progress = new RunProgress(value => onProgress?.(value));
  progress.enter('dataset');
  const { format } = request;
  const dataset = await openDataset(request.dataset, { signal, ...(format && { format }) });
  progress.enter('model', imagesAsked(request, dataset));
  const model = await analyzer.loadedModel(request.model, { signal });
  const fingerprint = await modelFingerprint(request.model.checkpoint, model.config, request.bands);
  throwIfCancelled(signal);

  const file = resolve(request.store ?? storePlace(dataset));
  const store =
    request.images === undefined
      ? await openStore(file, dataset, request.resume ? fingerprint : undefined)
      : await openResults(file, fingerprint);
  try {
    onStore?.(file, store);
    store.setProperty('fingerprint', fingerprint);
    return await new DatasetRun(analyzer, request, dataset, model, store, progress, signal).run(file);
  } finally {
    onStore?.(file, undefined);
    store.close();
  }
}

/** Whether a run sees all images of its data set, so that what it does not meet is gone. */
function isWhole({ limit, images }: AnalyzeDatasetRequest): boolean {
  return limit === undefined && images === undefined;
}

function imagesAsked({ limit = Infinity, images }: AnalyzeDatasetRequest, dataset: Dataset): number {
  return Math.min(images?.length ?? dataset.imageCount, limit);
}

/** @throws UserError where the store holds no results of the model to bring up to date; it stays as it is */
async function openResults(file: string, fingerprint: string): Promise<DatasetStore> {
  const store = existsSync(file) ? new DatasetStore(await openWritable(file, { fresh: false })) : undefined;
  if (store?.property('fingerprint') === fingerprint) return store;
  store?.close();
  throw new UserError('there are no results of this model and these thresholds to bring up to date', {
    where: file,
    remedy: 'analyze the whole dataset first',
  });
}

/** @param fingerprint of the model whose results are kept; without one nothing is */
async function openStore(file: string, dataset: Dataset, fingerprint: string | undefined): Promise<DatasetStore> {
  let store = new DatasetStore(await openWritable(file, { fresh: fingerprint === undefined }));
  if (fingerprint !== undefined && (store.property('fingerprint') ?? fingerprint) !== fingerprint) {
    // Another model's results are of no use, and lists of both together would mislead.
    store.close();
    store = new DatasetStore(await openWritable(file, { fresh: true }));
  }
  // Relative, so that a data set may be moved together with its store.
  store.setProperty('root', relative(dirname(file), dataset.root) || '.');
  return store;
}

class DatasetRun {
  private readonly reading = new SerialQueue();
  private readonly secondAttempts = new SerialQueue();
  private readonly listed = new Set<string>();
  private readonly unmatched = new Set<string>();
  private readonly start = performance.now();
  private missing = 0;
  /** Images one after the other whose thread died twice. */
  private stopped = 0;

  constructor(
    private readonly analyzer: Analyzer,
    private readonly request: AnalyzeDatasetRequest,
    private readonly dataset: Dataset,
    private readonly model: LoadedModel,
    private readonly store: DatasetStore,
    private readonly progress: RunProgress,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async run(file: string): Promise<DatasetRunResult> {
    const total = imagesAsked(this.request, this.dataset);
    const run = this.request.images === undefined ? this.beginRun(total) : undefined;
    this.progress.enter('images', total);
    let state: 'done' | 'cancelled' | 'failed' = 'failed';
    try {
      await this.allImages();
      if (isWhole(this.request)) this.store.prune(name => this.listed.has(name));
      state = 'done';
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
      state = 'cancelled';
    } finally {
      if (run !== undefined) this.store.endRun(run, state, { ...this.progress.counts, seconds: this.seconds });
    }
    return {
      store: file,
      state,
      images: total,
      ...this.progress.counts,
      missing: this.missing,
      unmatched: [...this.unmatched].sort(),
      seconds: this.seconds,
    };
  }

  private beginRun(images: number): number {
    const { config, info } = this.model;
    const { focal, boxLoss } = config;
    const { bands } = this.request;
    const model = { ...info, notes: [...info.notes, ...trainingDatasetNotes(this.dataset)] };
    return this.store.beginRun({ dataset: this.dataset.path, model, focal, boxLoss, bands, images });
  }

  private get seconds(): number {
    return (performance.now() - this.start) / 1000;
  }

  private async allImages(): Promise<void> {
    const { signal } = this;
    const waiting: { readonly image: DatasetImage; readonly outcome: Promise<Outcome> }[] = [];
    const finishNext = async () => {
      const next = waiting.shift();
      if (next !== undefined) this.finish(next.image, await next.outcome);
    };
    const images = this.dataset.images({
      ...(signal === undefined ? {} : { signal }),
      onMissing: () => {
        this.missing++;
        if (isWhole(this.request)) this.progress.leaveOut();
      },
    });
    const asked = this.request.images && new Set(this.request.images.map(file => resolve(file)));
    let left = imagesAsked(this.request, this.dataset);
    try {
      for await (const image of images) {
        // Those that follow need not be looked at.
        if (left === 0) break;
        throwIfCancelled(signal);
        if (asked && !asked.has(image.file)) continue;
        left--;
        const outcome = this.outcomeOf(image);
        // Awaited in its turn; until then a rejection has nobody to hear it.
        outcome.catch(() => undefined);
        waiting.push({ image, outcome });
        if (waiting.length >= inFlight) await finishNext();
      }
      while (waiting.length > 0) await finishNext();
    } finally {
      await Promise.allSettled(waiting.map(({ outcome }) => outcome));
    }
  }

  private async outcomeOf(image: DatasetImage): Promise<Outcome> {
    try {
      return await aboutImage(image.file, () => this.attempt(image));
    } catch (error) {
      if (error instanceof CancelledError || error instanceof ModelChangedError) throw error;
      const failed = { kind: 'failed', error: this.failureText(error) } as const;
      return error instanceof ThreadStoppedError ? { ...failed, stopped: error } : failed;
    }
  }

  /** When a thread dies, images that shared it are not at fault: each gets a second chance, one after the other. */
  private async attempt(image: DatasetImage): Promise<Outcome> {
    try {
      return await this.prepareAndCompute(image);
    } catch (error) {
      if (!(error instanceof ThreadStoppedError)) throw error;
      return await this.secondAttempts.run(() => this.prepareAndCompute(image), this.signal);
    }
  }

  private async prepareAndCompute(image: DatasetImage): Promise<Outcome> {
    // One decoded image at a time bounds the memory.
    const ready = await this.reading.run(() => this.prepare(image), this.signal);
    return ready.kind === 'ready' ? await this.compute(ready) : ready;
  }

  private async prepare(image: DatasetImage): Promise<Exclude<Outcome, { kind: 'computed' }> | ReadyImage> {
    const { maxPixels } = this.request;
    const content = await readImage(image.file, maxPixels);
    const stored = { width: content.header.width, height: content.header.height };
    const labels = await readSettled(() => this.dataset.labelsOf(image, stored), this.signal);
    const key = imageKey(content.bytes, labels);
    const positions = labelPositions(labels?.labels ?? [], this.relative);
    const known = this.store.find(this.relative(image.file));
    if (known?.key === key) {
      if (known.positions === positions || labels === undefined) return { kind: 'unchanged' };
      return { kind: 'moved', id: known.id, positions, labels };
    }
    const { prepared, size } = await decodeAndPrepare(content, maxPixels, this.model.config);
    return { kind: 'ready', key, positions, labels, prepared, size };
  }

  private async compute({ key, positions, labels, prepared, size }: ReadyImage): Promise<Outcome> {
    const { config, levels } = this.model;
    const forward = await this.analyzer.forward(this.request.model, this.model, prepared, this.signal);
    const task = {
      ...{ forward, prepared: geometryOf(prepared), image: size, labels },
      ...{ bands: this.request.bands, model: { config, levels } },
    };
    const result = await this.analyzer.analyseImage(task, this.signal);
    throwIfCancelled(this.signal);
    return { kind: 'computed', key, positions, result };
  }

  private finish(image: DatasetImage, outcome: Outcome): void {
    const identity: ImageIdentity = { file: this.relative(image.file), name: image.name, split: image.split };
    this.listed.add(identity.file);
    this.requireThreads(outcome);
    switch (outcome.kind) {
      case 'unchanged':
        return this.progress.count('reused');
      case 'moved':
        this.store.movePositions(outcome.id, outcome.positions, outcome.labels.labels, this.relative);
        return this.progress.count('reused');
      case 'failed':
        this.store.writeFailure(identity, outcome.error);
        return this.progress.count('failed');
      case 'computed':
        this.noteUnmatched(outcome.result);
        this.store.writeImage(identity, outcome.key, outcome.positions, outcome.result, this.relative);
        return this.progress.count('computed');
      default:
        return outcome satisfies never;
    }
  }

  /** Where threads die of every image, none of these is at fault. */
  private requireThreads(outcome: Outcome): void {
    const cause = outcome.kind === 'failed' ? outcome.stopped : undefined;
    this.stopped = cause === undefined ? 0 : this.stopped + 1;
    if (cause !== undefined && this.stopped >= mostStopped) throw cause;
  }

  /** Classes that the card leaves out on purpose are none of these. */
  private noteUnmatched({ labels }: ImageResult): void {
    const { categoryColumns = [] } = this.model.config;
    for (const { category, column } of labels) {
      if (column < 0 && !categoryColumns.some(([name]) => name === category)) this.unmatched.add(category);
    }
  }

  private readonly relative = (file: string): string => storedName(this.dataset.root, file);

  /** Files named from the data set's folder, as everywhere in the store. */
  private failureText(error: unknown): string {
    const text = error instanceof UserError ? error.message : `internal error: ${messageOf(error)}`;
    return text.replaceAll(this.dataset.root + sep, '');
  }
}

/** Without the pixels, which need not travel to another thread. */
function geometryOf({ width, height, paddedWidth, paddedHeight, scaleX, scaleY }: PreparedImage): PreparedGeometry {
  return { width, height, paddedWidth, paddedHeight, scaleX, scaleY };
}
