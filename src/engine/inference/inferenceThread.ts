import { throwIfCancelled, UserError } from '../../common/errors';
import type { TriedProvider } from '../../model/runtime/chooseSession';
import type { RuntimeSession } from '../../model/types';
import { memoryOf } from '../threads/portTransport';
import { Thread, ThreadStoppedError } from '../threads/thread';
import type { OpenSession, OpenSessionOptions } from './openSession';
import { weightsOf, type InferenceSide } from './threadMessages';

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
  return async (network, choice, { signal, log, onTrying, onLost, ...options }) => {
    throwIfCancelled(signal);
    const thread = idle?.isAlive === true ? idle : new InferenceThread(file);
    idle = undefined;
    const release = () => {
      thread.leave();
      idle = thread;
    };
    thread.take({ log, onTrying, onLost: undefined });
    try {
      thread.weights = memoryOf(weightsOf(network));
      const opened = await thread.messages.request('open', { network, choice, options }, { signal });
      const { runtime, provider, reason, checks } = opened;
      thread.take({ log, onTrying: undefined, onLost });
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
  readonly onTrying: OpenSessionOptions['onTrying'];
  readonly onLost: (() => void) | undefined;
}

/** A thread with at most one session, and who is told of what happens in it. */
class InferenceThread {
  /** Memory that moves with the network which is opened next. */
  weights: ArrayBuffer[] = [];
  private readonly thread: Thread<InferenceSide>;
  private owner: ThreadOwner | undefined;

  constructor(file: string) {
    this.thread = new Thread<InferenceSide>(file, {
      name: 'focal-lens-inference',
      events: {
        log: text => this.owner?.log?.(text),
        trying: provider => void this.hear(provider),
      },
      moved: message => {
        const { method } = message as { method?: unknown };
        return method === 'open' ? this.weights : [];
      },
      failure: threadFailure,
      onStopped: () => this.owner?.onLost?.(),
    });
  }

  get messages(): Thread<InferenceSide>['messages'] {
    return this.thread.messages;
  }

  get isAlive(): boolean {
    return this.thread.isAlive;
  }

  take(owner: ThreadOwner): void {
    this.owner = owner;
    this.thread.holdProcess(true);
  }

  /** Keeps no process from ending while nobody has it. */
  leave(): void {
    this.owner = undefined;
    this.weights = [];
    this.thread.holdProcess(false);
  }

  /** Lets the thread go on once its owner knows. */
  private async hear(provider: TriedProvider): Promise<void> {
    await this.owner?.onTrying?.(provider);
    // Rejected where the thread has gone, of which its owner hears otherwise.
    await this.messages.request('proceed', undefined).catch(() => undefined);
  }

  async end(): Promise<void> {
    this.owner = undefined;
    await this.thread.end();
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
    this.thread.take({ log: undefined, onTrying: undefined, onLost: undefined });
    try {
      await this.thread.messages.request('release', undefined);
    } catch {
      await this.thread.end();
      return;
    }
    this.release();
  }
}

function threadFailure(cause: Error): ThreadStoppedError {
  return new ThreadStoppedError(`the thread that runs the network stopped: ${cause.message}`, {
    remedy: 'run again; with less memory, choose a smaller maxSize in the model card',
    cause,
  });
}
