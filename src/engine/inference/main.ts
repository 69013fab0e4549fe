/** Entry of the inference thread: holds one network and runs it, so that its owner's event loop stays free. */
import { parentPort, type MessagePort } from 'node:worker_threads';
import { MessageHandler, type PassiveSide } from '../../common/messageHandler';
import type { TriedProvider } from '../../model/runtime/chooseSession';
import type { RuntimeSession } from '../../model/types';
import { memoryOf, portTransport } from '../threads/portTransport';
import { openSessionHere } from './openSession';
import type { InferenceSide } from './threadMessages';

function serve(port: MessagePort): void {
  let session: RuntimeSession | undefined;
  let proceed: (() => void) | undefined;
  const handler = new MessageHandler<InferenceSide, PassiveSide>(portTransport(port, resultMemory), {
    events: {},
    handlers: {
      open: async ({ network, choice, options }, { signal }) => {
        const log = (message: string) => handler.emit('log', message);
        // A driver may take the process down before a word that was only sent has left it.
        const onTrying = (provider: TriedProvider) => {
          const heard = new Promise<void>(resolve => (proceed = resolve));
          handler.emit('trying', provider);
          return heard;
        };
        const opened = await openSessionHere(network, choice, { ...options, signal, log, onTrying });
        session = opened.session;
        const { reason, checks } = opened;
        return { runtime: session.runtime, provider: session.provider, reason, checks };
      },
      proceed: () => {
        proceed?.();
        return null;
      },
      run: ({ input, height, width }, { signal }) => {
        if (session === undefined) throw new Error('No network is loaded.');
        return session.run(input, height, width, signal);
      },
      release: async () => {
        await session?.dispose();
        session = undefined;
        return null;
      },
    },
  });
}

/** Logits and deltas of a reply. */
function resultMemory(message: unknown): ArrayBuffer[] {
  const { result } = message as { result?: Partial<Record<'logits' | 'deltas', unknown>> | null };
  return memoryOf([result?.logits, result?.deltas].filter(value => value instanceof Float32Array));
}

if (parentPort === null) throw new Error('This file runs as a worker thread.');
serve(parentPort);
