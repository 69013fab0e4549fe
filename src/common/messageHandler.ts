/**
 * Typed requests, events, progress and cancellation over any channel that carries structured clones.
 * Both hops use it: extension host to engine over process IPC, webview to extension host over postMessage.
 */
import type { Disposable } from './disposables';
import { CancelledError } from './errors';
import { parseMessage, type Message } from './wireMessage';
import { fromWireError, toWireError } from './wireError';

/** A channel to the other side. What it delivers may be anything: malformed messages are ignored. */
export interface Transport {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): Disposable;
}

export interface MethodShape {
  params: unknown;
  result: unknown;
  /** What the method reports while it runs. */
  progress?: unknown;
}

/** What one side offers the other: methods it answers and events it sends. */
export interface Side {
  methods: object;
  events: object;
}

/** A side that offers nothing: the usual client. */
export interface PassiveSide {
  methods: Record<never, never>;
  events: Record<never, never>;
}

type Methods<S extends Side> = S['methods'];
/** What a method of map M takes, gives and reports. */
export type ParamsOf<M, K extends keyof M> = M[K] extends { params: infer P } ? P : never;
export type ResultOf<M, K extends keyof M> = M[K] extends { result: infer R } ? R : never;
export type ProgressOf<M, K extends keyof M> = M[K] extends { progress: infer P } ? P : never;

export interface RequestContext<P> {
  /** Aborted when the caller cancels, or when either side is disposed. */
  readonly signal: AbortSignal;
  readonly progress: (value: P) => void;
}

/** One function for every method of a map. */
export type Handlers<M> = {
  readonly [K in keyof M]: (
    params: ParamsOf<M, K>,
    context: RequestContext<ProgressOf<M, K>>,
  ) => ResultOf<M, K> | Promise<ResultOf<M, K>>;
};

/** Checks of parameters that come from a side that is not trusted; a request that fails its check gets an error. */
export type Guards<M> = { readonly [K in keyof M]: (params: unknown) => params is ParamsOf<M, K> };

export type EventListeners<E> = { readonly [K in keyof E]: (payload: E[K]) => void };

export interface RequestOptions<P> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((value: P) => void) | undefined;
}

export interface MessageHandlerOptions<Local extends Side, Remote extends Side> {
  /** Answers to the other side's requests. */
  readonly handlers: Handlers<Methods<Local>>;
  readonly guards?: Guards<Methods<Local>>;
  readonly events: EventListeners<Remote['events']>;
  /** Told of errors thrown by `handlers` before they are sent back; for logs. */
  readonly onError?: (error: unknown, method: string) => void;
}

interface PendingRequest {
  resolve(result: unknown): void;
  reject(error: Error): void;
  progress(value: unknown): void;
  release(): void;
}

/**
 * One end of a channel. `Local` is what this end offers, `Remote` what it can ask for. Every request settles:
 * by the reply, by its signal, or with the reason of {@link dispose} when this end or the other one closes.
 */
export class MessageHandler<Local extends Side, Remote extends Side> implements Disposable {
  private readonly pending = new Map<number, PendingRequest>();
  private readonly running = new Map<number, AbortController>();
  private readonly subscription: Disposable;
  private closed: Error | undefined;
  /** Starts anywhere, so that replies meant for a reloaded page's former self match nothing. */
  private nextId = Math.floor(Math.random() * 2 ** 48);

  constructor(
    private readonly transport: Transport,
    private readonly options: MessageHandlerOptions<Local, Remote>,
  ) {
    this.subscription = transport.onMessage(value => {
      const message = parseMessage(value);
      if (message !== undefined && this.closed === undefined) this.receive(message);
    });
  }

  /** Rejects with what the other side threw, with CancelledError once `signal` aborts, or with the reason of closing. */
  request<K extends keyof Methods<Remote> & string>(
    method: K,
    params: ParamsOf<Methods<Remote>, K>,
    options: RequestOptions<ProgressOf<Methods<Remote>, K>> = {},
  ): Promise<ResultOf<Methods<Remote>, K>> {
    const { signal, onProgress } = options;
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(this.closed);
      if (signal?.aborted) return reject(new CancelledError());
      const id = this.nextId++;
      const cancel = () => {
        this.trySend({ type: 'cancel', id });
        this.settle(id)?.reject(new CancelledError());
      };
      signal?.addEventListener('abort', cancel, { once: true });
      this.pending.set(id, {
        resolve: result => resolve(result as ResultOf<Methods<Remote>, K>),
        reject,
        progress: value => onProgress?.(value as ProgressOf<Methods<Remote>, K>),
        release: () => signal?.removeEventListener('abort', cancel),
      });
      try {
        this.send({ type: 'request', id, method, params });
      } catch (error) {
        this.settle(id)?.reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** Sends an event; does nothing once closed. */
  emit<K extends keyof Local['events'] & string>(event: K, payload: Local['events'][K]): void {
    if (this.closed === undefined) this.send({ type: 'event', event, payload });
  }

  /** Closes both ends: rejects what is pending with `reason`, aborts what runs, and tells the other side. */
  dispose(reason: Error = new CancelledError()): void {
    if (this.closed) return;
    this.trySend({ type: 'dispose' });
    this.close(reason);
  }

  private close(reason: Error): void {
    this.closed = reason;
    this.subscription.dispose();
    for (const id of [...this.pending.keys()]) this.settle(id)?.reject(reason);
    const running = [...this.running.values()];
    this.running.clear();
    for (const controller of running) controller.abort();
  }

  private receive(message: Message): void {
    switch (message.type) {
      case 'request':
        void this.serve(message.id, message.method, message.params);
        break;
      case 'cancel':
        this.running.get(message.id)?.abort();
        break;
      case 'reply':
        this.settle(message.id)?.resolve(message.result);
        break;
      case 'error':
        this.settle(message.id)?.reject(fromWireError(message.error));
        break;
      case 'progress':
        this.pending.get(message.id)?.progress(message.value);
        break;
      case 'event': {
        const listener = ownFunction(this.options.events, message.event);
        listener?.(message.payload);
        break;
      }
      case 'dispose':
        this.close(new Error('The other side has closed'));
        break;
    }
  }

  private async serve(id: number, method: string, params: unknown): Promise<void> {
    // A request that reuses the id of a running one comes from a reloaded page: the former one is over.
    this.running.get(id)?.abort();
    const controller = new AbortController();
    this.running.set(id, controller);
    const current = () => this.running.get(id) === controller;
    let answer: Message;
    try {
      const handler = ownFunction(this.options.handlers, method);
      if (handler === undefined) throw new Error(`Unknown method ${JSON.stringify(method.slice(0, 80))}`);
      const guard = ownFunction(this.options.guards ?? {}, method);
      if (guard?.(params) === false) throw new Error(`Malformed parameters of ${method}`);
      const context: RequestContext<unknown> = {
        signal: controller.signal,
        progress: value => {
          if (current()) this.trySend({ type: 'progress', id, value });
        },
      };
      answer = { type: 'reply', id, result: await handler(params, context) };
    } catch (error) {
      if (!(error instanceof CancelledError)) this.options.onError?.(error, method);
      answer = { type: 'error', id, error: toWireError(error) };
    }
    if (!current()) return;
    this.running.delete(id);
    try {
      this.send(answer);
    } catch (error) {
      // Not clonable, or the channel is gone; the latter fails here again and there is nobody to tell.
      this.options.onError?.(error, method);
      this.trySend({ type: 'error', id, error: toWireError(error) });
    }
  }

  private settle(id: number): PendingRequest | undefined {
    const request = this.pending.get(id);
    this.pending.delete(id);
    request?.release();
    return request;
  }

  private send(message: Message): void {
    this.transport.send(message);
  }

  private trySend(message: Message): void {
    try {
      this.send(message);
    } catch {
      // A dead channel: whoever owns it disposes this end.
    }
  }
}

/** The function `name` of a handler table, never one inherited from Object.prototype. */
function ownFunction(table: object, name: string): ((...values: unknown[]) => unknown) | undefined {
  const value: unknown = Object.hasOwn(table, name) ? (table as Record<string, unknown>)[name] : undefined;
  return typeof value === 'function' ? (value as (...values: unknown[]) => unknown) : undefined;
}
