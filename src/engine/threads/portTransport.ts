import type { MessagePort, Worker } from 'node:worker_threads';
import { toDisposable } from '../../common/disposables';
import type { Transport } from '../../common/messageHandler';

/**
 * Messages between threads.
 *
 * @param moved memory that moves with a message instead of being copied
 */
export function portTransport(
  port: Pick<MessagePort | Worker, 'postMessage' | 'on' | 'off'>,
  moved: (message: unknown) => ArrayBuffer[],
): Transport {
  return {
    send: message => port.postMessage(message, moved(message)),
    onMessage(listener) {
      port.on('message', listener);
      return toDisposable(() => port.off('message', listener));
    },
  };
}

/** The memory of arrays, each once: what moves to another thread instead of being copied. */
export function memoryOf(arrays: Iterable<Float32Array>): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { buffer } of arrays) if (buffer instanceof ArrayBuffer) buffers.add(buffer);
  return [...buffers];
}
