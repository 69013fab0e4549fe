import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../../src/common/errors';
import { openTfjsSession } from '../../../src/model/runtime/tfjs/openTfjsSession';
import { openWasmSession } from '../../../src/model/runtime/tfjs/openTfjsProvider';
import { wasmBackend } from '../../../src/model/runtime/tfjs/wasmBackend';
import { randomValues, tinyRetinaNet } from './tinyNetworks';

const listenersNow = (): number[] => [
  process.listenerCount('uncaughtException'),
  process.listenerCount('unhandledRejection'),
];
const listenersBefore = listenersNow();
await wasmBackend();

describe('a session of TensorFlow.js', () => {
  it('keeps its weights and nothing else alive, and after dispose nothing', async () => {
    const network = await tinyRetinaNet({ headNorm: 'group', fpn: 32 });
    const before = tf.memory().numTensors;
    const session = await openWasmSession(network);
    const loaded = tf.memory();
    const weights = new Set(network.nodes.flatMap(node => Object.values(node).filter(v => v instanceof Float32Array)));
    expect(loaded.numTensors - before).toBe(weights.size);
    for (const side of [32, 64, 96, 32]) {
      await session.run(randomValues(3 * side * side, side), side, side);
      expect(tf.memory()).toMatchObject({ numTensors: loaded.numTensors, numBytes: loaded.numBytes });
    }
    await session.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves no tensors behind a run that is cancelled between two operations', async () => {
    const session = await openWasmSession(await tinyRetinaNet());
    const { numTensors } = tf.memory();
    const controller = new AbortController();
    const run = session.run(randomValues(3 * 64 * 64, 1), 64, 64, controller.signal);
    // A few turns of the event loop: some operations are done, many are not.
    for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve));
    expect(tf.memory().numTensors).toBeGreaterThan(numTensors);
    controller.abort();
    await expect(run).rejects.toThrow(CancelledError);
    expect(tf.memory().numTensors).toBe(numTensors);
    await session.dispose();
  });

  it('leaves no tensors behind a network that cannot be loaded', async () => {
    const { numTensors } = tf.memory();
    const network = await tinyRetinaNet();
    const last = network.nodes.at(-1);
    if (last?.op !== 'conv') throw new Error('Expected a convolution.');
    const broken = { ...network, nodes: [...network.nodes.slice(0, -1), { ...last, weight: last.weight.slice(1) }] };
    await expect(openWasmSession(broken)).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('computes side by side with another one', async () => {
    const network = await tinyRetinaNet();
    const [first, second] = [await openWasmSession(network), await openWasmSession(network)];
    const inputs = [randomValues(3 * 64 * 64, 1), randomValues(3 * 32 * 96, 2)] as const;
    const alone = [await first.run(inputs[0], 64, 64), await second.run(inputs[1], 32, 96)];
    const together = await Promise.all([first.run(inputs[0], 64, 64), second.run(inputs[1], 32, 96)]);
    expect(together).toEqual(alone);
    await Promise.all([first.dispose(), second.dispose()]);
  });

  it('refuses inputs whose values would not fit into its memory', async () => {
    const backend = { ...(await wasmBackend()), maxBytes: 1e6 };
    const session = await openTfjsSession(await tinyRetinaNet(), backend);
    await expect(session.run(randomValues(3 * 32 * 32, 1), 32, 32)).resolves.toBeDefined();
    await expect(session.run(randomValues(3 * 256 * 256, 1), 256, 256)).rejects.toThrow(
      /^WebAssembly failed on an input of 256x256 pixels: it needs .* GB for intermediate values, expected at most /,
    );
    await session.dispose();
  });

  it('leaves the errors of the process to the process', () => {
    expect(listenersNow()).toEqual(listenersBefore);
  });
});
