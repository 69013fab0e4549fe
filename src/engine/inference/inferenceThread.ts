import { SHARE_ENV, Worker } from 'node:worker_threads';
import { throwIfCancelled, UserError } from '../../common/errors';
import { MessageHandler, type PassiveSide } from '../../common/messageHandler';
import type { RuntimeSession } from '../../model/types';
import type { OpenSession } from './openSession';
import { portTransport } from './portTransport';
import { memoryOf, weightsOf, type InferenceSide } from './threadMessages';

type Messages = MessageHandler<PassiveSide, InferenceSide>;

/**
 * Opens sessions in threads of their own: a forward pass blocks the event loop of the thread it runs in, and
 * cancellation, pictures and inspections must not wait for it. Weights move to the thread, inputs are copied (10 MB at
 * 800 x 1088 pixels), results move back. A thread whose session is disposed, or which says that it cannot open one,
 * serves the next: ending a thread tears down native runtimes that another one may be starting up. Only one that is
 * still busy with a cancelled opening is ended.
 *
 * @param file the bundle of `inference/main.ts`
 */
export function openSessionInThread(file: string): OpenSession {
  let idle: InferenceThread | undefined;
  return async (network, choice, { signal, log, onLost, ...options }) => {
    throwIfCancelled(signal);
    const thread = idle?.isAlive === true ? idle : new InferenceThread(file);
    idle = undefined;
    const release = () => {
      thread.leave();
      idle = thread;
    };
    thread.take({ log, onLost: undefined });
    try {
      thread.weights = memoryOf(weightsOf(network));
      const opened = await thread.messages.request('open', { network, choice, options }, { signal });
      const { runtime, provider, reason, checks } = opened;
      thread.take({ log, onLost });
      const session = new ThreadSession(runtime, provider, thread, release);
      return { session, reason, checks };
    } catch (error) {
      if (error instanceof UserError && thread.isAlive) release();
      else await thread.end();
      throw error;
    }
  };
}

interface ThreadOwner {
  readonly log: ((message: string) => void) | undefined;
  readonly onLost: (() => void) | undefined;
}

/** A thread with at most one session, and who is told of what happens in it. */
class InferenceThread {
  readonly messages: Messages;
  isAlive = true;
  /** Memory that moves with the network which is opened next. */
  weights: ArrayBuffer[] = [];
  private readonly worker: Worker;
  private owner: ThreadOwner | undefined;

  constructor(file: string) {
    // Drivers read variables that are set just before they start. None of this process's own flags: an inspector port
    // among them would clash.
    this.worker = new Worker(file, { env: SHARE_ENV, execArgv: [], name: 'focal-lens-inference' });
    const transport = portTransport(this.worker, message => {
      const { method } = message as { method?: unknown };
      return method === 'open' ? this.weights : [];
    });
    const log = (text: string) => this.owner?.log?.(text);
    this.messages = new MessageHandler(transport, { handlers: {}, events: { log } });
    this.worker.once('error', error => {
      this.isAlive = false;
      this.messages.dispose(threadFailure(error));
    });
    this.worker.once('exit', () => {
      this.isAlive = false;
      this.messages.dispose(threadFailure(new Error('it ended')));
      this.owner?.onLost?.();
    });
  }

  take(owner: ThreadOwner): void {
    this.owner = owner;
    this.worker.ref();
  }

  /** Keeps no process from ending while nobody has it. */
  leave(): void {
    this.owner = undefined;
    this.weights = [];
    this.worker.unref();
  }

  async end(): Promise<void> {
    this.isAlive = false;
    this.owner = undefined;
    this.messages.dispose();
    await this.worker.terminate();
  }
}

class ThreadSession implements RuntimeSession {
  constructor(
    readonly runtime: string,
    readonly provider: string,
    private readonly thread: InferenceThread,
    private readonly release: () => void,
  ) {}

  run(...[input, height, width, signal]: Parameters<RuntimeSession['run']>): ReturnType<RuntimeSession['run']> {
    return this.thread.messages.request('run', { input, height, width }, { signal });
  }

  async dispose(): Promise<void> {
    this.thread.take({ log: undefined, onLost: undefined });
    try {
      await this.thread.messages.request('release', undefined);
    } catch {
      await this.thread.end();
      return;
    }
    this.release();
  }
}

function threadFailure(cause: Error): UserError {
  return new UserError(`the thread that runs the network stopped: ${cause.message}`, {
    remedy: 'run again; with less memory, choose a smaller maxSize in the model card',
    cause,
  });
}
