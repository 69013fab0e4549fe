import { SHARE_ENV, Worker } from 'node:worker_threads';
import { UserError } from '../../common/errors';
import { MessageHandler, type PassiveSide } from '../../common/messageHandler';
import type { RuntimeSession } from '../../model/types';
import type { OpenSession } from './openSession';
import { portTransport } from './portTransport';
import { memoryOf, weightsOf, type InferenceSide } from './threadMessages';

type Messages = MessageHandler<PassiveSide, InferenceSide>;

/**
 * Opens sessions in threads of their own: a forward pass blocks the event loop of the thread it runs in, and
 * cancellation, pictures and inspections must not wait for it. Weights move to the thread, inputs are copied (10 MB at
 * 800 x 1088 pixels), results move back.
 *
 * @param file the bundle of `inference/main.ts`
 */
export function openSessionInThread(file: string): OpenSession {
  return async (network, choice, { signal, log, onLost, ...options }) => {
    // Drivers read variables that are set just before they start. None of this process's own flags: an inspector port
    // among them would clash.
    const worker = new Worker(file, { env: SHARE_ENV, execArgv: [], name: 'focal-lens-inference' });
    const weights = memoryOf(weightsOf(network));
    const transport = portTransport(worker, message => {
      const { method } = message as { method?: unknown };
      return method === 'open' ? weights : [];
    });
    const messages: Messages = new MessageHandler(transport, { handlers: {}, events: { log: text => log?.(text) } });
    worker.once('error', error => messages.dispose(threadFailure(error)));
    let session: ThreadSession | undefined;
    worker.once('exit', () => {
      messages.dispose(threadFailure(new Error('it ended')));
      if (session?.isDisposed === false) onLost?.();
    });
    try {
      const opened = await messages.request('open', { network, choice, options }, { signal });
      const { runtime, provider, reason, checks } = opened;
      session = new ThreadSession(runtime, provider, worker, messages);
      return { session, reason, checks };
    } catch (error) {
      messages.dispose();
      await worker.terminate();
      throw error;
    }
  };
}

class ThreadSession implements RuntimeSession {
  isDisposed = false;

  constructor(
    readonly runtime: string,
    readonly provider: string,
    private readonly worker: Worker,
    private readonly messages: Messages,
  ) {}

  run(...[input, height, width, signal]: Parameters<RuntimeSession['run']>): ReturnType<RuntimeSession['run']> {
    return this.messages.request('run', { input, height, width }, { signal });
  }

  async dispose(): Promise<void> {
    this.isDisposed = true;
    try {
      await this.messages.request('release', undefined);
    } catch {
      // The thread is gone already.
    }
    this.messages.dispose();
    await this.worker.terminate();
  }
}

function threadFailure(cause: Error): UserError {
  return new UserError(`the thread that runs the network stopped: ${cause.message}`, {
    remedy: 'run again; with less memory, choose a smaller maxSize in the model card',
    cause,
  });
}
