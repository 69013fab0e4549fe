import { cpus, release } from 'node:os';
import { version } from '../../../package.json';
import { CancelledError, UserError, messageOf, throwIfCancelled } from '../../common/errors';
import { inferArchitecture } from '../../model/architecture';
import { openCheckpoint } from '../../model/checkpoint/checkpoint';
import { loadModelConfig } from '../../model/modelCard';
import { buildNetwork } from '../../model/network/buildNetwork';
import { createSession } from '../../model/runtime/createSession';
import { deviceNames } from '../../model/runtime/deviceNames';
import { fixedInput } from '../../model/runtime/fixedInput';
import { mayHaveGpu } from '../../model/runtime/gpuDevices';
import type { Provider } from '../../model/runtime/providers';
import { providersOn } from '../../model/runtime/providers';
import type { Architecture, ForwardResult, ModelConfig, Network, RuntimeSession } from '../../model/types';
import type { BenchmarkOutcome, BenchmarkRequest, BenchmarkResult } from '../../protocol/benchmark';
import { decodeAndPrepare, readImage } from '../imageSteps';

export interface BenchmarkOptions {
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((message: string) => void) | undefined;
  readonly threads?: number | undefined;
}

/** Forward passes that are timed end after this many, or once this much time is spent (but for the first). */
const limits = { runs: 10, milliseconds: 10_000 };

/**
 * Measures one runtime on the user's model: time of the forward pass, and agreement with ONNX Runtime on the CPU. A
 * provider may take the process down: give each a process of its own.
 *
 * @returns undefined where the provider does not exist on this platform
 * @throws UserError on bad input, CancelledError; a runtime that does not start is a result
 */
export async function benchmarkRuntime(
  request: BenchmarkRequest,
  options: BenchmarkOptions = {},
): Promise<BenchmarkOutcome | undefined> {
  const provider = providersOn(process.platform).find(({ choice }) => choice === request.model.runtime);
  if (provider === undefined) return undefined;
  const checkpoint = await openCheckpoint(request.model.checkpoint);
  try {
    const architecture = inferArchitecture(checkpoint);
    const { config } = await loadModelConfig(request.model.checkpoint, architecture, request.model.card);
    const network = await buildNetwork(checkpoint, architecture, { batchNormEps: config.batchNormEps });
    const input = await readInput(request, config);
    const { anchors, result } = await measure(network, provider, input, request, options);
    const { choice, runtime, label } = provider;
    return {
      setting: { ...settingOf(architecture, input), anchors },
      row: { choice, runtime, provider: label, devices: deviceNames(provider), result },
    };
  } finally {
    await checkpoint.close();
  }
}

interface NetworkInput {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

async function readInput({ image, maxPixels }: BenchmarkRequest, config: ModelConfig): Promise<NetworkInput> {
  if (image !== undefined) {
    const { prepared } = await decodeAndPrepare(await readImage(image, maxPixels), maxPixels, config);
    return { data: prepared.data, width: prepared.paddedWidth, height: prepared.paddedHeight };
  }
  const height = Math.ceil(config.minSize / 32) * 32;
  const width = Math.ceil(Math.min((config.minSize * 4) / 3, config.maxSize) / 32) * 32;
  return { data: fixedInput(height, width), width, height };
}

function settingOf({ name, classes }: Architecture, { width, height }: NetworkInput) {
  const system = `Focal Lens ${version}, ${process.platform} ${release()} ${process.arch}, Node ${process.version}, ${cpus().length} cores`;
  return { architecture: name, classes, width, height, system };
}

async function measure(
  network: Network,
  provider: Provider,
  input: NetworkInput,
  { model }: BenchmarkRequest,
  options: BenchmarkOptions,
): Promise<{ anchors: number; result: BenchmarkResult | { readonly failure: string } }> {
  const fail = (failure: string) => ({ anchors: 0, result: { failure } });
  if (provider.gpu && !mayHaveGpu()) return fail('no GPU device was found');
  const { signal, log, threads } = options;
  const { tensorFlowFolders } = model;
  const open = async (choice: Provider['choice']): Promise<RuntimeSession> => {
    const { session } = await createSession(network, choice, {
      ...(signal === undefined ? {} : { signal }),
      ...(log === undefined ? {} : { log }),
      ...(threads === undefined ? {} : { threads }),
      ...(tensorFlowFolders === undefined ? {} : { tensorFlowFolders }),
    });
    return session;
  };
  try {
    const start = performance.now();
    const session = await open(provider.choice);
    const found = await withSession(session, async () => {
      const forward = await run(session, input, signal);
      const startMilliseconds = performance.now() - start;
      return { forward, startMilliseconds, ...(await timeRuns(session, input, signal)) };
    });
    const { forward, ...times } = found;
    const difference = await compareWithCpu(forward, provider, input, open, options);
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    return { anchors: forward.deltas.length / 4, result: { ...times, difference, peakBytes } };
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    return fail(error instanceof UserError ? error.what : messageOf(error));
  }
}

async function timeRuns(session: RuntimeSession, input: NetworkInput, signal: AbortSignal | undefined) {
  const times: number[] = [];
  const before = process.cpuUsage();
  const begin = performance.now();
  while (times.length < limits.runs && (times.length === 0 || performance.now() - begin < limits.milliseconds)) {
    const start = performance.now();
    await run(session, input, signal);
    times.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  const processorMilliseconds = (user + system) / 1000 / times.length;
  return { milliseconds: times[times.length >> 1], processorMilliseconds, runs: times.length };
}

async function compareWithCpu(
  found: ForwardResult,
  { choice }: Provider,
  input: NetworkInput,
  open: (choice: Provider['choice']) => Promise<RuntimeSession>,
  { signal, log }: BenchmarkOptions,
): Promise<BenchmarkResult['difference']> {
  if (choice === 'cpu') return { logits: 0, deltas: 0 };
  let reference: RuntimeSession;
  try {
    reference = await open('cpu');
  } catch (error) {
    throwIfCancelled(signal);
    log?.(messageOf(error));
    return undefined;
  }
  const expected = await withSession(reference, () => run(reference, input, signal));
  return {
    logits: largestDifference(found.logits, expected.logits),
    deltas: largestDifference(found.deltas, expected.deltas),
  };
}

function run(session: RuntimeSession, { data, height, width }: NetworkInput, signal: AbortSignal | undefined) {
  return session.run(data, height, width, signal);
}

async function withSession<T>(session: RuntimeSession, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } finally {
    await session.dispose();
  }
}

/** NaN if any value is. */
function largestDifference(found: Float32Array, expected: Float32Array): number {
  if (found.length !== expected.length) return NaN;
  let largest = 0;
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs(found[index] - expected[index]);
    if (!(difference <= largest)) largest = difference;
    if (Number.isNaN(largest)) return NaN;
  }
  return largest;
}
