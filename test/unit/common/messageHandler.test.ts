import { afterEach, describe, expect, it, vi } from 'vitest';
import { CancelledError, UserError } from '../../../src/common/errors';
import { MessageHandler, type MessageHandlerOptions, type PassiveSide } from '../../../src/common/messageHandler';
import { seededRandom } from '../helpers/random';
import { channel, settleChannel } from './channel';

interface ServerSide {
  methods: {
    double: { params: number; result: number; progress: string };
    bytes: { params: ArrayBuffer; result: Float32Array };
    fail: { params: 'user' | 'cancelled' | 'defect' | 'text'; result: null };
    wait: { params: undefined; result: null };
    unclonable: { params: undefined; result: unknown };
  };
  events: { tick: { count: number } };
}

type ServerOptions = MessageHandlerOptions<ServerSide, PassiveSide>;

/** A client and a server on one channel. `aborted` counts what the server's signals reported. */
function pair(overrides: Partial<ServerOptions> = {}) {
  const [clientEnd, serverEnd] = channel();
  const ticks: number[] = [];
  const state = { started: 0, aborted: 0, release: () => undefined as void };
  const client = new MessageHandler<PassiveSide, ServerSide>(clientEnd, {
    handlers: {},
    events: { tick: ({ count }) => ticks.push(count) },
  });
  const server = new MessageHandler<ServerSide, PassiveSide>(serverEnd, {
    events: {},
    handlers: {
      double: (value, { progress }) => {
        progress('half way');
        return value * 2;
      },
      bytes: buffer => new Float32Array(buffer),
      fail: kind => {
        if (kind === 'user') throw new UserError('3 found', { where: 'a.txt:4', remedy: 'write 2' });
        if (kind === 'cancelled') throw new CancelledError();
        if (kind === 'defect') throw new TypeError('not\na function');
        // eslint-disable-next-line @typescript-eslint/only-throw-error
        throw 'just text';
      },
      wait: (_, { signal }) =>
        new Promise((resolve, reject) => {
          state.started++;
          state.release = () => resolve(null);
          signal.addEventListener('abort', () => {
            state.aborted++;
            reject(new CancelledError());
          });
        }),
      unclonable: () => () => 1,
    },
    ...overrides,
  });
  return { client, server, clientEnd, serverEnd, ticks, state };
}

describe('requests', () => {
  it('brings replies, progress and events', async () => {
    const { client, server, ticks } = pair();
    const progress: string[] = [];
    await expect(client.request('double', 21, { onProgress: text => progress.push(text) })).resolves.toBe(42);
    expect(progress).toEqual(['half way']);
    server.emit('tick', { count: 3 });
    await settleChannel();
    expect(ticks).toEqual([3]);
  });

  it('carries typed arrays bit for bit, NaN included', async () => {
    const { client } = pair();
    const values = Float32Array.of(0, -0, NaN, 1 / 3, Infinity);
    const result = await client.request('bytes', values.buffer);
    expect(result).toBeInstanceOf(Float32Array);
    expect(new Uint8Array(result.buffer)).toEqual(new Uint8Array(values.buffer));
  });

  it('answers each of many interleaved requests with its own result', async () => {
    const { client } = pair();
    const values = Array.from({ length: 200 }, (_, i) => i);
    const results = await Promise.all(values.map(value => client.request('double', value)));
    expect(results).toEqual(values.map(value => value * 2));
  });

  it('brings errors back as what they were', async () => {
    const errors: unknown[] = [];
    const { client } = pair({ onError: error => errors.push(error) });
    const user = await client.request('fail', 'user').catch((error: unknown) => error);
    expect(user).toBeInstanceOf(UserError);
    expect(user).toMatchObject({ what: '3 found', where: 'a.txt:4', remedy: 'write 2' });
    expect((user as Error).message).toBe('a.txt:4: 3 found; write 2');
    await expect(client.request('fail', 'cancelled')).rejects.toBeInstanceOf(CancelledError);
    await expect(client.request('fail', 'defect')).rejects.toMatchObject({
      name: 'TypeError',
      message: 'not a function',
    });
    await expect(client.request('fail', 'text')).rejects.toThrow('just text');
    expect(errors).toHaveLength(3);
  });

  it('answers unknown and inherited methods with an error', async () => {
    const { client } = pair();
    const ask = client.request.bind(client) as (method: string, params: unknown) => Promise<unknown>;
    for (const method of ['nothing', 'toString', 'constructor', '__proto__', 'hasOwnProperty']) {
      await expect(ask(method, 1)).rejects.toThrow(`Unknown method "${method}"`);
    }
  });

  it('refuses parameters that fail their check', async () => {
    const { client } = pair({
      guards: {
        double: (value): value is number => typeof value === 'number',
        bytes: (value): value is ArrayBuffer => value instanceof ArrayBuffer,
        fail: (_): _ is 'user' => true,
        wait: (_): _ is undefined => true,
        unclonable: (_): _ is undefined => true,
      },
    });
    await expect(client.request('double', 2)).resolves.toBe(4);
    await expect(client.request('double', '2' as unknown as number)).rejects.toThrow('Malformed parameters of double');
  });

  it('rejects when parameters or results cannot be cloned', async () => {
    const { client } = pair();
    await expect(client.request('double', (() => 1) as unknown as number)).rejects.toThrow(/could not be cloned/);
    await expect(client.request('unclonable', undefined)).rejects.toThrow(/could not be cloned/);
    await expect(client.request('double', 1)).resolves.toBe(2);
  });
});

describe('cancellation', () => {
  it('reaches the other side and rejects at once', async () => {
    const { client, state } = pair();
    const controller = new AbortController();
    const request = client.request('wait', undefined, { signal: controller.signal });
    await settleChannel();
    controller.abort();
    await expect(request).rejects.toBeInstanceOf(CancelledError);
    await settleChannel();
    expect(state).toMatchObject({ started: 1, aborted: 1 });
  });

  it('sends nothing for a signal that was aborted before', async () => {
    const { client, clientEnd } = pair();
    await expect(client.request('wait', undefined, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(
      CancelledError,
    );
    expect(clientEnd.sent).toEqual([]);
  });

  it('takes its listener off the signal once settled', async () => {
    const { client } = pair();
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    await client.request('double', 1, { signal });
    expect(remove).toHaveBeenCalledTimes(1);
  });

  it('ignores a reply that comes too late', async () => {
    const { client, state } = pair();
    const controller = new AbortController();
    const request = client.request('wait', undefined, { signal: controller.signal });
    await settleChannel();
    state.release();
    controller.abort();
    await expect(request).rejects.toBeInstanceOf(CancelledError);
    await settleChannel();
  });
});

describe('disposal', () => {
  it('rejects what is pending, aborts it on the other side and refuses what follows', async () => {
    const { client, clientEnd, state } = pair();
    const pending = [client.request('wait', undefined), client.request('wait', undefined)];
    await settleChannel();
    client.dispose(new UserError('gone'));
    for (const request of pending) await expect(request).rejects.toThrow('gone');
    await expect(client.request('double', 1)).rejects.toThrow('gone');
    await settleChannel();
    expect(state.aborted).toBe(2);
    expect(clientEnd.listeners.size).toBe(0);
    client.dispose();
  });

  it('of the other side rejects what is pending here', async () => {
    const { client, server, serverEnd } = pair();
    const request = client.request('wait', undefined);
    await settleChannel();
    server.dispose();
    await expect(request).rejects.toThrow('closed');
    await expect(client.request('double', 1)).rejects.toThrow('closed');
    expect(serverEnd.listeners.size).toBe(0);
    server.emit('tick', { count: 1 });
  });

  it('survives a channel that is dead already', async () => {
    const { client, clientEnd } = pair();
    const request = client.request('wait', undefined);
    clientEnd.send = () => {
      throw new Error('EPIPE');
    };
    await expect(client.request('double', 1)).rejects.toThrow('EPIPE');
    client.dispose();
    await expect(request).rejects.toBeInstanceOf(CancelledError);
  });
});

describe('a reloaded page', () => {
  it('starts over with the same host, without answers to its former self', async () => {
    const { serverEnd, state } = pair();
    serverEnd.deliver({ type: 'request', id: 7, method: 'wait', params: undefined });
    serverEnd.deliver({ type: 'request', id: 7, method: 'double', params: 4 });
    await settleChannel();
    expect(state.aborted).toBe(1);
    expect(serverEnd.sent.filter(message => (message as { id?: number }).id === 7)).toEqual([
      { type: 'progress', id: 7, value: 'half way' },
      { type: 'reply', id: 7, result: 8 },
    ]);
  });
});

describe('garbage', () => {
  afterEach(() => vi.restoreAllMocks());

  it('never throws, answers nothing and leaves requests working', async () => {
    const { client, clientEnd, serverEnd } = pair();
    const random = seededRandom(20);
    const before = Object.getOwnPropertyNames(Object.prototype).length;
    for (let i = 0; i < 3000; i++) {
      const message = garbage(random, 3);
      serverEnd.deliver(message);
      clientEnd.deliver(message);
    }
    await settleChannel();
    expect(serverEnd.sent).toEqual([]);
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(before);
    await expect(client.request('double', 5)).resolves.toBe(10);
  });
});

/** Anything that is no complete message: wrong types, missing ids, unknown kinds, nested nonsense. */
function garbage(random: () => number, depth: number): unknown {
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)];
  const scalars = [undefined, null, true, 0, -1, NaN, 2 ** 60, 'reply', '', 'x'.repeat(50), 12n, Symbol.iterator];
  const kind = Math.floor(random() * (depth > 0 ? 4 : 1));
  if (kind === 0) return pick(scalars);
  if (kind === 1) return Array.from({ length: Math.floor(random() * 4) }, () => garbage(random, depth - 1));
  if (kind === 2) return new Uint8Array(Math.floor(random() * 9));
  // Known kinds with ids that are none, unknown kinds with ids that are.
  const broken = random() < 0.5;
  return {
    type: broken
      ? pick(['request', 'reply', 'error', 'progress', 'cancel'])
      : pick(['', 'Request', 'toString', 1, null]),
    id: broken ? pick(['1', 1.5, NaN, null, undefined, {}, 2 ** 60]) : 1,
    method: pick(['double', '__proto__', 5, null]),
    error: garbage(random, depth - 1),
    ['__proto__']: { polluted: true },
  };
}
