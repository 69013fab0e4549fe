import { randomUUID } from 'node:crypto';
import { throwIfCancelled, UserError } from '../common/errors';
import { inspectAnchor } from '../analysis/inspectAnchor';
import { recomputeLoss } from '../analysis/recomputeLoss';
import { findLabels } from '../dataset/findLabels';
import { LabelIndex } from '../dataset/labelIndex';
import type { ImageFile } from '../model/image/imageFile';
import type { ForwardResult, PreparedImage } from '../model/types';
import type { Analysis, AnchorInspection, ModelInfo } from '../protocol/analysis';
import type {
  AnalysisProgress,
  AnalysisStage,
  AnalyzeRequest,
  AnalyzeResult,
  RuntimeReport,
} from '../protocol/messages';
import type { ModelRequest } from '../protocol/modelRequest';
import type { ProviderPhase } from '../protocol/providerPhase';
import { BoundedStore } from './boundedStore';
import type { HeatSource } from './crop/heatOverlay';
import { analyseImageHere, type AnalyseImage } from './imageAnalysis/analyseImage';
import type { OpenSession } from './inference/openSession';
import { aboutImage, analyseForward, decodeAndPrepare, readImage } from './imageSteps';
import { ModelStore, type LoadedModel } from './modelStore';
import { SerialQueue } from './serialQueue';
import { Stopwatch } from './stopwatch';

export interface AnalyzerOptions {
  /** Threads of the runtime on the CPU; by default what it chooses. */
  readonly threads?: number;
  /** Bound on the logits kept for {@link Analyzer.inspectAnchor}, bytes; 256 MiB by default. */
  readonly maxLogitBytes?: number;
  readonly log?: (message: string) => void;
  /** A provider that is about to be tried waits for it. */
  readonly onProvider?: (phase: ProviderPhase) => void | Promise<void>;
  /** Where networks run; by default on the calling thread, which stands still during a forward pass. */
  readonly openSession?: OpenSession;
  /** Where images of a run over a data set are analysed; by default on the calling thread. */
  readonly analyseImage?: AnalyseImage;
}

export interface AnalyzeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: AnalysisProgress) => void) | undefined;
  /** Throws ModelNotLoadedError where the model would have to be loaded first. */
  readonly onlyLoaded?: boolean | undefined;
}

/** The weights that a run over many images began with are no longer there. */
export class ModelChangedError extends UserError {
  /** @param cause why they cannot be loaded again; without one there are others */
  constructor(checkpoint: string, cause?: UserError) {
    super(`the model changed during the run${cause === undefined ? '' : ` (${cause.what})`}`, {
      where: checkpoint,
      remedy: 'run again once the checkpoint is written',
      cause,
    });
  }
}

/** What the inspection of an anchor needs of an analysis. */
interface Inspectable {
  readonly logits: Float32Array;
  readonly classes: readonly string[];
  readonly analysis: Pick<Analysis, 'columns' | 'labels' | 'loss' | 'anchors' | 'input'>;
}

/** Four analyses of 163,206 anchors (800 x 1088 pixels) and 91 columns, dozens with few columns. */
const defaultMaxLogitBytes = 256 * 2 ** 20;

/**
 * Analyses images with one model at a time, one after the other. Bad input throws a UserError and leaves everything
 * in order for the next request.
 */
export class Analyzer {
  /** What follows from a forward pass and labels, as a store keeps it. */
  readonly analyseImage: AnalyseImage;
  private readonly queue = new SerialQueue();
  private readonly labelIndex = new LabelIndex();
  private readonly models: ModelStore;
  private readonly kept: BoundedStore<Inspectable>;

  constructor(private readonly options: AnalyzerOptions = {}) {
    this.models = new ModelStore(options.threads, options.openSession);
    this.analyseImage = options.analyseImage ?? analyseImageHere();
    this.kept = new BoundedStore(options.maxLogitBytes ?? defaultMaxLogitBytes);
  }

  loadModel(request: ModelRequest, options: AnalyzeOptions = {}): Promise<ModelInfo> {
    return this.queue.run(async () => (await this.load(request, options)).info, options.signal);
  }

  /** The model that a run over many images works with. */
  loadedModel(request: ModelRequest, options: AnalyzeOptions = {}): Promise<LoadedModel> {
    return this.queue.run(() => this.load(request, options), options.signal);
  }

  /**
   * A forward pass in its turn. The next one may be asked for before this one is done, so that none waits for the other.
   * Throws ModelChangedError where the request no longer gives `model`'s weights.
   */
  async forward(
    request: ModelRequest,
    model: LoadedModel,
    input: PreparedImage,
    signal?: AbortSignal,
  ): Promise<ForwardResult> {
    const { pass } = await this.queue.run(async () => {
      const { session } = await this.loadAgain(request, model, signal);
      // In an object: the queue goes on as soon as the pass has been handed over.
      return { pass: session.run(input.data, input.paddedHeight, input.paddedWidth, signal) };
    }, signal);
    return pass;
  }

  /**
   * Runs the model on an image and says where its loss comes from. The id names the analysis in
   * {@link inspectAnchor}. Throws UserError on bad input, CancelledError once `signal` aborts.
   */
  analyzeImage(request: AnalyzeRequest, options: AnalyzeOptions = {}): Promise<AnalyzeResult> {
    return this.queue.run(async () => {
      const clock = new Stopwatch();
      // A wrong image shows before the model is loaded, which may take a while.
      const image = await readImage(request.image, request.maxPixels);
      clock.lap('decode');
      const model = await this.load(request.model, options);
      clock.restart();
      throwIfCancelled(options.signal);
      return aboutImage(request.image, () => this.analyze(request, image, model, clock, options));
    }, options.signal);
  }

  /** The terms of one anchor. Throws a UserError for an analysis whose logits had to make room for others. */
  inspectAnchor(id: string, anchor: number): AnchorInspection {
    return inspectAnchor({ ...this.inspectable(id), anchor });
  }

  /** The focal loss of every anchor under another gamma and alpha, see `recomputeLoss`. Throws as {@link inspectAnchor}. */
  recomputeLoss(id: string, gamma: number, alpha: number): Float32Array {
    return recomputeLoss({ ...this.inspectable(id), focal: { gamma, alpha } });
  }

  private inspectable(id: string): Inspectable {
    const kept = this.kept.get(id);
    if (kept === undefined) {
      throw new UserError('the numbers behind this analysis are no longer in memory', { remedy: 'run it again' });
    }
    return kept;
  }

  /** What a heatmap of an analysis is drawn from; undefined once it had to make room for others. */
  heatOf(id: string): HeatSource | undefined {
    return this.kept.get(id)?.analysis;
  }

  /** What runs the loaded model; undefined while none is loaded. */
  get runtime(): RuntimeReport | undefined {
    return this.models.runtime;
  }

  /** Frees the model once the running request is done. */
  dispose(): Promise<void> {
    return this.queue.run(() => this.models.dispose());
  }

  private load(request: ModelRequest, { signal, onProgress, onlyLoaded }: AnalyzeOptions): Promise<LoadedModel> {
    return this.models.load(request, {
      signal,
      onlyLoaded,
      log: this.options.log,
      onProvider: this.options.onProvider,
      onLoad: () => onProgress?.({ stage: 'model' }),
    });
  }

  /** Another request may have taken the model's place in the meantime. */
  private async loadAgain(request: ModelRequest, model: LoadedModel, signal: AbortSignal | undefined) {
    try {
      const loaded = await this.load(request, { signal });
      if (loaded.weights === model.weights) return loaded;
    } catch (cause) {
      if (cause instanceof UserError) throw new ModelChangedError(request.checkpoint, cause);
      throw cause;
    }
    throw new ModelChangedError(request.checkpoint);
  }

  private async analyze(
    request: AnalyzeRequest,
    image: ImageFile,
    model: LoadedModel,
    clock: Stopwatch,
    { signal, onProgress }: AnalyzeOptions,
  ): Promise<AnalyzeResult> {
    const stage = (name: AnalysisStage) => {
      throwIfCancelled(signal);
      onProgress?.({ stage: name });
    };
    stage('decode');
    const { prepared, size } = await decodeAndPrepare(image, request.maxPixels, model.config, () =>
      clock.lap('decode'),
    );
    clock.lap('prepare');
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
    const { columns, labels, loss, anchors, input } = analysis;
    const bytes = logits.byteLength + columns.byteLength;
    this.kept.set(id, { logits, classes, analysis: { columns, labels, loss, anchors, input } }, bytes);
    return id;
  }
}
