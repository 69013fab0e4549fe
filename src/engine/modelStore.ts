import { totalmem } from 'node:os';
import { throwIfCancelled } from '../common/errors';
import type { ProviderCheck } from '../common/providerCheck';
import { inferArchitecture } from '../model/architecture';
import { openCheckpoint } from '../model/checkpoint/checkpoint';
import { cardFileOf, loadModelConfig } from '../model/modelCard';
import { buildNetwork } from '../model/network/buildNetwork';
import type { Architecture, ModelConfig, RuntimeSession } from '../model/types';
import type { ModelInfo } from '../protocol/analysis';
import type { RuntimeReport } from '../protocol/messages';
import type { ModelRequest } from '../protocol/modelRequest';
import type { ProviderPhase } from '../protocol/providerPhase';
import { fileIdentity } from './fileIdentity';
import { PatientSession } from './inference/patientSession';
import { openSessionHere, type OpenSession } from './inference/openSession';

export interface LoadedModel {
  readonly config: ModelConfig;
  /** Equal for two models whose weights are the same, whatever runs them. */
  readonly weights: string;
  /** Level names, finest first. */
  readonly levels: readonly string[];
  readonly session: RuntimeSession;
  readonly info: ModelInfo;
}

export interface LoadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((message: string) => void) | undefined;
  /** Told before a provider is tried, which waits for it, and which one runs. */
  readonly onProvider?: ((phase: ProviderPhase) => void | Promise<void>) | undefined;
  /** Called when the model is not at hand and has to be read. */
  readonly onLoad?: () => void;
  /** Throws ModelNotLoadedError instead of loading. */
  readonly onlyLoaded?: boolean | undefined;
}

/** The model is not at hand, and was not to be loaded. */
export class ModelNotLoadedError extends Error {
  override readonly name = 'ModelNotLoadedError';
}

interface Weights {
  /** Of checkpoint and runtime. */
  readonly key: string;
  /** Of the checkpoint. */
  readonly file: string;
  /** Folded into the weights. */
  readonly batchNormEps: number;
  readonly architecture: Architecture;
  readonly session: PatientSession;
  readonly reason: string;
  readonly checks: readonly ProviderCheck[];
  readonly notes: readonly string[];
}

/**
 * Keeps one model loaded. Another file, another runtime or a change of either file since loads again; a change of the
 * card alone keeps the weights unless it changes how batch norm was folded into them. One caller at a time.
 */
export class ModelStore {
  private weights: Weights | undefined;
  private current: { readonly key: string; readonly model: LoadedModel } | undefined;

  /** @param threads of the runtime on the CPU; by default what it chooses */
  constructor(
    private readonly threads?: number,
    private readonly openSession: OpenSession = openSessionHere,
  ) {}

  /** Throws a UserError naming checkpoint or card where they are unfit. The model is valid until the next call. */
  async load(request: ModelRequest, options: LoadOptions = {}): Promise<LoadedModel> {
    const weightsFile = await fileIdentity(request.checkpoint);
    const weightsKey = `${weightsFile}\n${request.runtime}\n${(request.crashed ?? []).join()}`;
    const cardKey = await fileIdentity(request.card ?? cardFileOf(request.checkpoint));
    const key = `${weightsKey}\n${request.card ?? ''}\n${cardKey}`;
    if (this.current?.key === key) return this.current.model;

    if (options.onlyLoaded === true) throw new ModelNotLoadedError();
    options.onLoad?.();
    this.current = undefined;
    const model = await this.read(request, { key: weightsKey, file: weightsFile }, options);
    this.current = { key, model };
    return model;
  }

  /** What runs the loaded model, and what became of the other providers; undefined while none is loaded. */
  get runtime(): RuntimeReport | undefined {
    if (this.weights === undefined || this.current === undefined) return undefined;
    const { session, reason, checks } = this.weights;
    const { file: checkpoint, architecture } = this.current.model.info;
    const { runtime, provider } = session;
    const memory = { process: process.memoryUsage().rss, total: totalmem() };
    return { checkpoint, architecture, runtime, provider, reason, checks, latestPass: session.latestPass, memory };
  }

  private forget(session: RuntimeSession): void {
    if (this.weights?.session !== session) return;
    this.weights = undefined;
    this.current = undefined;
  }

  async dispose(): Promise<void> {
    const weights = this.weights;
    this.weights = undefined;
    this.current = undefined;
    await weights?.session.dispose();
  }

  private async read(
    request: ModelRequest,
    identity: Pick<Weights, 'key' | 'file'>,
    options: LoadOptions,
  ): Promise<LoadedModel> {
    const former = this.weights;
    if (former?.key === identity.key) {
      const card = await loadConfig(request, former.architecture);
      if (card.config.batchNormEps === former.batchNormEps) return loadedModel(request, former, card);
    }

    const checkpoint = await openCheckpoint(request.checkpoint);
    try {
      const architecture = inferArchitecture(checkpoint);
      const card = await loadConfig(request, architecture);
      throwIfCancelled(options.signal);
      // The former model goes first: two at a time would double the memory.
      await this.dispose();
      const { onProvider } = options;
      const automatic = request.runtime === 'auto';
      await onProvider?.({ phase: 'idle' });
      const network = await buildNetwork(checkpoint, architecture, { batchNormEps: card.config.batchNormEps });
      throwIfCancelled(options.signal);
      const {
        session: opened,
        reason,
        checks,
      } = await this.openSession(network, request.runtime, {
        signal: options.signal,
        log: options.log,
        threads: this.threads,
        exclude: request.crashed,
        tensorFlowFolders: request.tensorFlowFolders,
        onTrying: ({ choice, label }) => onProvider?.({ phase: 'trying', choice, provider: label, automatic }),
        onLost: () => this.forget(session),
      });
      const session = new PatientSession(opened);
      const chosen = checks.find(({ outcome }) => outcome === 'chosen');
      if (chosen !== undefined) {
        const { choice, provider } = chosen;
        await onProvider?.({ phase: 'running', choice, provider, automatic });
      }
      this.weights = {
        ...identity,
        batchNormEps: card.config.batchNormEps,
        architecture,
        session,
        reason,
        checks,
        notes: checkpoint.notes,
      };
      return loadedModel(request, this.weights, card);
    } finally {
      await checkpoint.close();
    }
  }
}

type Card = Awaited<ReturnType<typeof loadModelConfig>>;

function loadConfig(request: ModelRequest, architecture: Architecture): Promise<Card> {
  return loadModelConfig(request.checkpoint, architecture, request.card);
}

function loadedModel(request: ModelRequest, weights: Weights, { config, notes }: Card): LoadedModel {
  const { architecture, session, reason } = weights;
  return {
    config,
    weights: `${weights.file}\n${weights.batchNormEps}`,
    levels: architecture.levels,
    session,
    info: {
      file: request.checkpoint,
      architecture: architecture.name,
      parameters: architecture.parameters,
      classes: config.classes,
      runtime: session.runtime,
      provider: session.provider,
      providerReason: reason,
      notes: [...weights.notes, ...notes],
    },
  };
}
