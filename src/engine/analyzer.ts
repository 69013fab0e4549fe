import { randomUUID } from 'node:crypto';
import { throwIfCancelled, UserError } from '../common/errors';
import { analyze, type AnalysisPart, type AnalyzeInput } from '../analysis/analyze';
import { inspectAnchor } from '../analysis/inspectAnchor';
import { findLabels } from '../dataset/findLabels';
import { LabelIndex } from '../dataset/labelIndex';
import { generateAnchors } from '../model/anchors';
import { decodeAllBoxes, detect } from '../model/detections';
import { prepareImage } from '../model/image/prepareImage';
import type { PreparedImage } from '../model/types';
import type { Analysis, AnchorInspection, ModelInfo } from '../protocol/analysis';
import type {
  AnalysisProgress,
  AnalysisStage,
  AnalyzeRequest,
  AnalyzeResult,
  ModelRequest,
  ProviderPhase,
  RuntimeReport,
} from '../protocol/messages';
import { BoundedStore } from './boundedStore';
import type { OpenSession } from './inference/openSession';
import { lazyNative } from './lazyNative';
import { ModelStore, type LoadedModel } from './modelStore';
import { SerialQueue } from './serialQueue';
import { Stopwatch } from './stopwatch';

export interface AnalyzerOptions {
  /** Threads of the runtime on the CPU; by default what it chooses. */
  readonly threads?: number;
  /** Bound on the logits kept for {@link Analyzer.inspectAnchor}, bytes; 256 MiB by default. */
  readonly maxLogitBytes?: number;
  readonly log?: (message: string) => void;
  readonly onProvider?: (phase: ProviderPhase) => void;
  /** Where networks run; by default on the calling thread, which stands still during a forward pass. */
  readonly openSession?: OpenSession;
}

export interface AnalyzeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: AnalysisProgress) => void) | undefined;
}

type Size = Pick<Analysis['image'], 'width' | 'height'>;

/** What the inspection of an anchor needs of an analysis. */
interface Inspectable {
  readonly logits: Float32Array;
  readonly classes: readonly string[];
  readonly analysis: Pick<Analysis, 'columns' | 'labels' | 'loss'>;
}

/** Four analyses of 163,206 anchors (800 x 1088 pixels) and 91 columns, dozens with few columns. */
const defaultMaxLogitBytes = 256 * 2 ** 20;

/**
 * Analyses images with one model at a time, one after the other. Bad input throws a UserError and leaves everything
 * in order for the next request.
 */
export class Analyzer {
  private readonly queue = new SerialQueue();
  private readonly labelIndex = new LabelIndex();
  private readonly models: ModelStore;
  private readonly kept: BoundedStore<Inspectable>;

  constructor(private readonly options: AnalyzerOptions = {}) {
    this.models = new ModelStore(options.threads, options.openSession);
    this.kept = new BoundedStore(options.maxLogitBytes ?? defaultMaxLogitBytes);
  }

  loadModel(request: ModelRequest, options: AnalyzeOptions = {}): Promise<ModelInfo> {
    return this.queue.run(async () => (await this.load(request, options)).info, options.signal);
  }

  /**
   * Runs the model on an image and says where its loss comes from. The id names the analysis in
   * {@link inspectAnchor}. Throws UserError on bad input, CancelledError once `signal` aborts.
   */
  analyzeImage(request: AnalyzeRequest, options: AnalyzeOptions = {}): Promise<AnalyzeResult> {
    return this.queue.run(async () => {
      const model = await this.load(request.model, options);
      throwIfCancelled(options.signal);
      return aboutImage(request.image, () => this.analyze(request, model, options));
    }, options.signal);
  }

  /** The terms of one anchor. Throws a UserError for an analysis whose logits had to make room for others. */
  inspectAnchor(id: string, anchor: number): AnchorInspection {
    const kept = this.kept.get(id);
    if (kept === undefined) {
      throw new UserError('the numbers behind this analysis are no longer in memory', { remedy: 'run it again' });
    }
    return inspectAnchor({ ...kept, anchor });
  }

  /** What runs the loaded model; undefined while none is loaded. */
  get runtime(): RuntimeReport | undefined {
    return this.models.runtime;
  }

  /** Frees the model once the running request is done. */
  dispose(): Promise<void> {
    return this.queue.run(() => this.models.dispose());
  }

  private load(request: ModelRequest, { signal, onProgress }: AnalyzeOptions): Promise<LoadedModel> {
    return this.models.load(request, {
      signal,
      log: this.options.log,
      onProvider: this.options.onProvider,
      onLoad: () => onProgress?.({ stage: 'model' }),
    });
  }

  private async analyze(
    request: AnalyzeRequest,
    model: LoadedModel,
    { signal, onProgress }: AnalyzeOptions,
  ): Promise<AnalyzeResult> {
    const clock = new Stopwatch();
    const stage = (name: AnalysisStage) => {
      throwIfCancelled(signal);
      onProgress?.({ stage: name });
    };
    stage('decode');
    const { prepared, size } = await readImage(request, model.config, clock);
    // Before the network runs: what is wrong with labels shows at once.
    stage('labels');
    const labels = await findLabels({ file: request.image, ...size }, request.labels, this.labelIndex);
    clock.lap('analyse');
    stage('forward');
    const forward = await model.session.run(prepared.data, prepared.paddedHeight, prepared.paddedWidth, signal);
    clock.lap('forward');
    stage('analyse');
    const part = analyseForward({ forward, prepared, image: size, labels, bands: request.bands }, model);
    clock.lap('analyse');

    const analysis: Analysis = {
      image: { file: request.image, ...size },
      model: model.info,
      ...part,
      milliseconds: clock.timings(),
    };
    return { id: this.keep(forward.logits, model.config.classes, analysis), analysis };
  }

  private keep(logits: Float32Array, classes: readonly string[], analysis: Analysis): string {
    const id = randomUUID();
    const { columns, labels, loss } = analysis;
    const bytes = logits.byteLength + columns.byteLength;
    this.kept.set(id, { logits, classes, analysis: { columns, labels, loss } }, bytes);
    return id;
  }
}

/** Decodes and prepares; the stored pixels are let go here. */
async function readImage(
  { image: file, maxPixels }: AnalyzeRequest,
  config: LoadedModel['config'],
  clock: Stopwatch,
): Promise<{ prepared: PreparedImage; size: Size }> {
  const { decodeImage } = await lazyNative('the image decoder', () => import('../model/image/decodeImage'));
  const image = await decodeImage(file, { maxPixels });
  clock.lap('decode');
  const prepared = prepareImage(image, config);
  clock.lap('prepare');
  return { prepared, size: { width: image.width, height: image.height } };
}

function analyseForward(
  input: Pick<AnalyzeInput, 'forward' | 'prepared' | 'image' | 'labels' | 'bands'>,
  { config, levels }: LoadedModel,
): AnalysisPart {
  const { forward, prepared, image } = input;
  const anchors = generateAnchors(prepared.paddedHeight, prepared.paddedWidth, forward.grids, config, levels);
  const detections = detect(forward, anchors, prepared, image, config);
  const decoded = decodeAllBoxes(forward.deltas, anchors, prepared, image);
  return analyze({ ...input, config, anchors, detections, decoded });
}

/** Runs `task` and sees to it that an error the user can act on names the image, where it names no place itself. */
async function aboutImage<T>(file: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof UserError) || error.where !== undefined) throw error;
    throw new UserError(error.what, {
      where: file,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
      cause: error,
    });
  }
}
