import { SHARE_ENV, Worker } from 'node:worker_threads';
import { UserError } from '../../common/errors';
import { MessageHandler, type EventListeners, type PassiveSide, type Side } from '../../common/messageHandler';
import { portTransport } from './portTransport';

/** A thread died, and what it was at with it; that need not be what it died of. */
export class ThreadStoppedError extends UserError {}

export interface ThreadOptions<Remote extends Side> {
  /** In debuggers and task lists. */
  readonly name: string;
  readonly events: EventListeners<Remote['events']>;
  /** Memory that moves with a message instead of being copied. */
  readonly moved: (message: unknown) => ArrayBuffer[];
  /** What requests that are pending fail with once the thread has stopped. */
  readonly failure: (cause: Error) => ThreadStoppedError;
  /** Called once it has stopped, for whatever reason. */
  readonly onStopped?: () => void;
}

/** A thread of this process and the channel to it. */
export class Thread<Remote extends Side> {
  readonly messages: MessageHandler<PassiveSide, Remote>;
  private readonly worker: Worker;
  private alive = true;

  /** @param file bundle of the thread's entry */
  constructor(file: string, { name, events, moved, failure, onStopped }: ThreadOptions<Remote>) {
    // Drivers read variables that are set just before they start. None of this process's own flags: an inspector port
    // among them would clash.
    this.worker = new Worker(file, { env: SHARE_ENV, execArgv: [], name });
    this.messages = new MessageHandler<PassiveSide, Remote>(portTransport(this.worker, moved), {
      handlers: {},
      events,
    });
    const stopped = (cause: Error) => {
      this.alive = false;
      this.messages.dispose(failure(cause));
    };
    this.worker.once('error', stopped);
    this.worker.once('messageerror', cause => {
      stopped(cause);
      void this.worker.terminate();
    });
    this.worker.once('exit', () => {
      stopped(new Error('it ended'));
      onStopped?.();
    });
  }

  get isAlive(): boolean {
    return this.alive;
  }

  /** Whether this thread keeps the process from ending. */
  holdProcess(held: boolean): void {
    if (held) this.worker.ref();
    else this.worker.unref();
  }

  async end(): Promise<void> {
    this.alive = false;
    this.messages.dispose();
    await this.worker.terminate();
  }
}
