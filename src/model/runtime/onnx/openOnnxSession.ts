import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InferenceSession, Tensor, env } from 'onnxruntime-node';
import { UserError, messageOf, throwIfCancelled } from '../../../common/errors';
import type { NetworkGeometry } from '../../network/networkGeometry';
import { geometryOf, levelGrids } from '../../network/networkGeometry';
import type { ForwardResult, Network, RuntimeSession } from '../../types';
import { checkInput } from '../checkInput';
import { buildGraph, deltasName, logitsName } from './buildGraph';
import { encodeModel } from './onnxProto';

export interface OnnxSessionOptions {
  /** ONNX Runtime's name of the execution provider; operations that it lacks run on the CPU. */
  readonly executionProvider: string;
  /** Shown as the session's provider. */
  readonly label: string;
  /** Threads of one operation; ONNX Runtime's choice, one per core, if undefined. */
  readonly threads?: number;
  /** Begins the name of a file that ONNX Runtime writes the times of all operations to, when the session is disposed. */
  readonly profile?: string;
}

/**
 * Up to this many cores, threads that wait for each other sleep instead of spinning: what they would hold, other images
 * are decoded and analysed on. With more cores some are free anyway, and waking up takes longer than spinning.
 */
const fewCores = 4;

/**
 * Loads a network into ONNX Runtime. Weights are handed over as they lie in memory, so no size limit applies to them;
 * ONNX Runtime copies them, and the session keeps nothing of `network` but its geometry.
 *
 * @throws Error of ONNX Runtime when the provider cannot start
 */
export async function openOnnxSession(network: Network, options: OnnxSessionOptions): Promise<RuntimeSession> {
  // Failures arrive as exceptions; ONNX Runtime would also print them to standard error.
  env.logLevel = 'fatal';
  const graph = buildGraph(network);
  const session = await InferenceSession.create(encodeModel(graph.model), {
    executionProviders: [options.executionProvider],
    externalData: [...graph.weights].map(([path, values]) => ({ path, data: bytesOf(values) })),
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    interOpNumThreads: 1,
    extra: { session: { intra_op: { allow_spinning: availableParallelism() > fewCores ? '1' : '0' } } },
    // Memory plans are kept for every input size seen: with free sizes they cost memory and save no time.
    enableMemPattern: false,
    logSeverityLevel: 4,
    ...(options.profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: options.profile }),
  });
  return new OnnxSession(geometryOf(network), session, options);
}

class OnnxSession implements RuntimeSession {
  readonly runtime = 'ONNX Runtime';
  readonly provider: string;
  private session: InferenceSession | undefined;

  constructor(
    private readonly geometry: NetworkGeometry,
    session: InferenceSession,
    private readonly options: Pick<OnnxSessionOptions, 'label' | 'profile'>,
  ) {
    this.provider = options.label;
    this.session = session;
  }

  async run(input: Float32Array, height: number, width: number, signal?: AbortSignal): Promise<ForwardResult> {
    throwIfCancelled(signal);
    const session = this.session;
    if (session === undefined) throw new Error('The session is disposed.');
    checkInput(input, height, width);
    const grids = levelGrids(this.geometry, height, width);
    const outputs = await this.forward(session, new Tensor('float32', input, [1, 3, height, width]));
    // A run blocks the event loop and cannot be interrupted: let a cancellation that came meanwhile be heard.
    await nextTurn();
    throwIfCancelled(signal);
    return { logits: floats(outputs[logitsName]), deltas: floats(outputs[deltasName]), grids };
  }

  private async forward(session: InferenceSession, image: Tensor): Promise<InferenceSession.OnnxValueMapType> {
    try {
      return await session.run({ [this.geometry.input]: image });
    } catch (error) {
      const size = image.dims.slice(2).reverse().join('x');
      throw new UserError(`${this.provider} failed on an input of ${size} pixels: ${messageOf(error)}`, {
        remedy: `${this.provider === 'CPU' ? '' : 'choose cpu as runtime, or '}set smaller minSize and maxSize in the model card`,
        cause: error,
      });
    }
  }

  async dispose(): Promise<void> {
    const session = this.session;
    this.session = undefined;
    if (this.options.profile !== undefined) session?.endProfiling();
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
