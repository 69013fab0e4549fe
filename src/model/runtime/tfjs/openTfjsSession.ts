import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Rank, Tensor4D } from '@tensorflow/tfjs-core';
import { UserError, messageOf, throwIfCancelled } from '../../../common/errors';
import type { NetworkGeometry } from '../../network/networkGeometry';
import { geometryOf } from '../../network/networkGeometry';
import type { ForwardResult, Network, RuntimeSession } from '../../types';
import { checkInput } from '../checkInput';
import type { ForwardPlan } from './forwardPlan';
import { lastUsesOf, planForward } from './forwardPlan';
import type { LoadedNetwork } from './loadWeights';
import { loadWeights } from './loadWeights';
import type { TensorFlow, TensorFlowBackend } from './tensorFlow';
import { startBackend, useBackend } from './tensorFlow';
import { compute } from './tfjsOperations';

/**
 * Loads a network into TensorFlow.js, which gets copies of the weights: the session keeps nothing of `network` but its
 * geometry.
 *
 * @throws Error of TensorFlow.js when the backend does not start or its memory does not suffice
 */
export async function openTfjsSession(network: Network, tensorFlow: TensorFlowBackend): Promise<RuntimeSession> {
  await startBackend(tensorFlow);
  useBackend(tensorFlow);
  return new TfjsSession(geometryOf(network), network, tensorFlow, loadWeights(tensorFlow.tf, network));
}

class TfjsSession implements RuntimeSession {
  readonly runtime = 'TensorFlow.js';
  readonly provider: string;
  private readonly head: Pick<Network, 'classes' | 'anchorsPerCell'>;
  private readonly lastUses: readonly (readonly string[])[];
  private loaded: LoadedNetwork | undefined;

  constructor(
    private readonly geometry: NetworkGeometry,
    { classes, anchorsPerCell }: Network,
    private readonly tensorFlow: TensorFlowBackend,
    loaded: LoadedNetwork,
  ) {
    this.provider = tensorFlow.label;
    this.head = { classes, anchorsPerCell };
    this.lastUses = lastUsesOf(geometry.nodes);
    this.loaded = loaded;
  }

  async run(input: Float32Array, height: number, width: number, signal?: AbortSignal): Promise<ForwardResult> {
    throwIfCancelled(signal);
    const loaded = this.loaded;
    if (loaded === undefined) throw new Error('The session is disposed.');
    checkInput(input, height, width);
    const values = new Map<string, Tensor4D>();
    try {
      const plan = planForward(this.geometry, this.head, this.lastUses, height, width);
      this.checkMemory(plan);
      useBackend(this.tensorFlow);
      values.set(this.geometry.input, channelsLast(this.tensorFlow.tf, input, height, width));
      return await this.forward(loaded, plan, values, signal);
    } catch (error) {
      throwIfCancelled(signal);
      throw new UserError(`${this.provider} failed on an input of ${width}x${height} pixels: ${messageOf(error)}`, {
        remedy: 'choose another runtime, or set smaller minSize and maxSize in the model card',
        cause: error,
      });
    } finally {
      values.forEach(tensor => tensor.dispose());
    }
  }

  /** @param values holds the input; the tensors that are alive, for the caller to dispose */
  private async forward(
    { nodes }: LoadedNetwork,
    { anchors, grids, outputs }: ForwardPlan,
    values: Map<string, Tensor4D>,
    signal: AbortSignal | undefined,
  ): Promise<ForwardResult> {
    const { tf } = this.tensorFlow;
    const columns = { logits: this.head.classes, deltas: 4 };
    const logits = new Float32Array(anchors * columns.logits);
    const deltas = new Float32Array(anchors * columns.deltas);
    const result = { logits, deltas, grids };
    const valueOf = (name: string): Tensor4D => {
      const value = values.get(name);
      if (value === undefined) throw new Error(`the value ${name} is not defined where it is used`);
      return value;
    };
    for (const [index, loaded] of nodes.entries()) {
      const value = tf.tidy(() => compute(tf, loaded, valueOf));
      const { output } = loaded.node;
      values.set(output, value);
      const place = outputs.get(output);
      // Already in (y, x, anchor, column) order: channels come last, and a channel is anchor * columns + column.
      if (place) result[place.kind].set(value.dataSync<'float32'>(), place.anchor * columns[place.kind]);
      for (const name of this.lastUses[index]) {
        valueOf(name).dispose();
        values.delete(name);
      }
      // An operation blocks the event loop: let a cancellation that came meanwhile be heard.
      await nextTurn();
      throwIfCancelled(signal);
      useBackend(this.tensorFlow);
    }
    return result;
  }

  /** Memory that WebAssembly cannot give is not refused there: results would be wrong. */
  private checkMemory({ peakBytes }: ForwardPlan): void {
    const { maxBytes } = this.tensorFlow;
    if (peakBytes <= maxBytes) return;
    const [needed, most] = [peakBytes, maxBytes].map(bytes => `${(bytes / 2 ** 30).toFixed(1)} GB`);
    throw new Error(`it needs ${needed} for intermediate values, expected at most ${most}`);
  }

  dispose(): Promise<void> {
    this.loaded?.dispose();
    this.loaded = undefined;
    return Promise.resolve();
  }
}

/** CHW values as a tensor of shape [1, height, width, 3]. */
function channelsLast(tf: TensorFlow, input: Float32Array, height: number, width: number): Tensor4D {
  return tf.tidy(() => tf.transpose(tf.tensor<Rank.R4>(input, [1, 3, height, width]), [0, 2, 3, 1]));
}
