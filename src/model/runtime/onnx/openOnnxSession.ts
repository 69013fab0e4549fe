import { setImmediate as nextTurn } from 'node:timers/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { throwIfCancelled } from '../../../common/errors';
import { levelGrids } from '../../network/levelGrids';
import type { ForwardResult, Network, RuntimeSession } from '../../types';
import { buildGraph, deltasName, logitsName } from './buildGraph';
import { encodeModel } from './onnxProto';

export interface OnnxSessionOptions {
  /** Execution providers in ONNX Runtime's terms, by preference; what they cannot run falls to the CPU. */
  readonly executionProviders: NonNullable<InferenceSession.SessionOptions['executionProviders']>;
  /** Shown as the session's provider. */
  readonly label: string;
  /** Threads of one operation; ONNX Runtime's choice (one per core) if undefined. */
  readonly threads?: number;
}

/** Loads a network into ONNX Runtime. Weights are handed over as they lie in memory, so no size limit applies to them. */
export async function openOnnxSession(network: Network, options: OnnxSessionOptions): Promise<RuntimeSession> {
  const graph = buildGraph(network);
  const session = await InferenceSession.create(encodeModel(graph.model), {
    executionProviders: options.executionProviders,
    externalData: [...graph.weights].map(([path, values]) => ({ path, data: bytesOf(values) })),
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  return new OnnxSession(network, session, options.label);
}

class OnnxSession implements RuntimeSession {
  readonly runtime = 'ONNX Runtime';
  private session: InferenceSession | undefined;

  constructor(
    private readonly network: Network,
    session: InferenceSession,
    readonly provider: string,
  ) {
    this.session = session;
  }

  async run(input: Float32Array, height: number, width: number, signal?: AbortSignal): Promise<ForwardResult> {
    throwIfCancelled(signal);
    const session = this.session;
    if (session === undefined) throw new Error('The session is disposed.');
    if (input.length !== 3 * height * width) {
      throw new Error(`Found ${input.length} input values, expected 3 x ${height} x ${width}.`);
    }
    const grids = levelGrids(this.network, height, width);
    const feeds = { [this.network.input]: new Tensor('float32', input, [1, 3, height, width]) };
    const outputs = await session.run(feeds);
    // A run blocks the event loop and cannot be interrupted: let a cancellation that came meanwhile be heard.
    await nextTurn();
    throwIfCancelled(signal);
    return { logits: floats(outputs[logitsName]), deltas: floats(outputs[deltasName]), grids };
  }

  async dispose(): Promise<void> {
    const session = this.session;
    this.session = undefined;
    await session?.release();
  }
}

function floats({ data }: InferenceSession.OnnxValueMapType[string]): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new Error('Expected float32 values from ONNX Runtime.');
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
