import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CancelledError, UserError } from '../../../src/common/errors';
import { EngineClient, type EngineClientOptions, type EngineLogEntry } from '../../../src/extension/engineClient';
import { CrashMemory } from '../../../src/extension/runtime/crashMemory';
import { defaultBands } from '../../../src/protocol/analysis';
import { anchorColumns } from '../../../src/protocol/anchorColumns';
import type { AnalysisStage, AnalyzeRequest } from '../../../src/protocol/messages';
import { bundle, bundleEnvironment } from '../helpers/bundles';
import { memento } from '../helpers/memento';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { writeTinyModel, writeTinyScene } from '../helpers/tinyModel';

const folder = await temporaryFolder();
const enginePath = await bundle('engine', folder);
const model = await writeTinyModel(folder);
// The same network over an input so large that it runs for a while.
const slowModel = await writeTinyModel(folder, { name: 'slow', card: { minSize: 1600, maxSize: 2200 } });
const scene = await writeTinyScene(folder);

const quick = request(model.checkpoint);
const slow = request(slowModel.checkpoint);

function request(checkpoint: string): AnalyzeRequest {
  return {
    model: { checkpoint, runtime: 'cpu' },
    image: scene.image,
    labels: scene.labels,
    bands: defaultBands,
    maxPixels: 1e6,
  };
}

const clients: EngineClient[] = [];
afterEach(() => clients.splice(0).forEach(client => client.dispose()));

function engineClient(options: Partial<EngineClientOptions> = {}) {
  const logs: EngineLogEntry[] = [];
  const onExit = vi.fn<EngineClientOptions['onExit']>();
  const client = new EngineClient({
    enginePath,
    onLog: entry => logs.push(entry),
    onExit,
    ...options,
    env: { ...bundleEnvironment, ...options.env },
  });
  clients.push(client);
  return { client, logs, onExit };
}

/** Starts a long analysis; resolves once the network runs, with the request still pending. */
async function running(client: EngineClient, signal?: AbortSignal) {
  let pending: Promise<unknown> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    pending = client.request('analyzeImage', slow, {
      signal,
      onProgress: ({ stage }) => stage === 'forward' && resolve(),
    });
    pending.catch(reject);
  });
  // A promise in an object: awaiting this function must not await the request.
  return { pending };
}

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a running engine', () => {
  it('starts with the first request and analyses', async () => {
    const { client } = engineClient();
    expect(client.pid).toBeUndefined();
    const stages: AnalysisStage[] = [];
    const { id, analysis } = await client.request('analyzeImage', quick, {
      onProgress: ({ stage }) => stages.push(stage),
    });
    expect(stages).toEqual(['model', 'decode', 'labels', 'forward', 'analyse']);
    expect(analysis.columns).toBeInstanceOf(ArrayBuffer);
    expect(anchorColumns(analysis.columns).state).toHaveLength(analysis.anchors.total);
    expect(analysis.labels).toHaveLength(3);

    const anchor = anchorColumns(analysis.columns).focal.reduce(
      (best, loss, i, all) => (loss > all[best] ? i : best),
      0,
    );
    const inspection = await client.request('inspectAnchor', { id, anchor });
    expect(inspection.anchor).toBe(anchor);
    expect(inspection.terms).toHaveLength(4);
    const focal = inspection.terms.reduce((sum, term) => sum + term.focal, 0);
    expect(focal).toBeCloseTo(anchorColumns(analysis.columns).focal[anchor] ?? NaN, 5);
  });

  it('answers bad input with an error that says where, and lives on', async () => {
    const { client, logs } = engineClient();
    await client.request('analyzeImage', quick);
    const { pid } = client;
    const missing = await client.request('analyzeImage', request(join(folder, 'no.pth'))).catch((e: unknown) => e);
    expect(missing).toBeInstanceOf(UserError);
    expect(missing).toMatchObject({ where: join(folder, 'no.pth') });
    await expect(client.request('inspectAnchor', { id: 'unknown', anchor: 0 })).rejects.toThrow(/run .*again/);
    await client.request('analyzeImage', quick);
    expect(client.pid).toBe(pid);
    expect(logs.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('shows images while it analyses', async () => {
    const { client } = engineClient();
    const { pending } = await running(client);
    const display = { image: scene.image, cacheFolder: join(folder, 'cache'), maxPixels: 1e6 };
    await expect(client.request('displayImage', display)).resolves.toEqual({ file: scene.image });
    await pending;
  });

  it('drops cancelled analyses, in flight and waiting', async () => {
    const { client, onExit } = engineClient();
    const first = new AbortController();
    const second = new AbortController();
    const { pending } = await running(client, first.signal);
    const waiting = client.request('analyzeImage', slow, { signal: second.signal });
    const last = client.request('analyzeImage', quick);
    first.abort();
    second.abort();
    await expect(pending).rejects.toBeInstanceOf(CancelledError);
    await expect(waiting).rejects.toBeInstanceOf(CancelledError);
    await expect(last).resolves.toMatchObject({ analysis: { image: { file: scene.image } } });
    expect(onExit).not.toHaveBeenCalled();
  });

  it('takes no flags from an editor that debugs itself', async () => {
    const { client } = engineClient({ env: { NODE_OPTIONS: '--require /nothing/here.js' } });
    await expect(client.request('loadModel', quick.model)).resolves.toMatchObject({ provider: 'CPU' });
  });
});

describe('an engine that dies', () => {
  it('rejects what is pending, says so and starts afresh', async () => {
    const { client, onExit } = engineClient();
    const { pending } = await running(client);
    const waiting = client.request('loadModel', quick.model);
    const { pid } = client;
    process.kill(pid ?? 0, 'SIGKILL');
    for (const lost of [pending, waiting]) {
      const error = await lost.catch((e: unknown) => e);
      expect(error).toBeInstanceOf(UserError);
      expect((error as Error).message).toMatch(/stopped unexpectedly \(signal SIGKILL\).*run again/);
    }
    expect(onExit).toHaveBeenCalledWith({ code: null, signal: 'SIGKILL', unexpected: true, crashed: undefined });
    await client.request('analyzeImage', quick);
    expect(client.pid).not.toBe(pid);
  });

  it('is held back when it dies again and again, and let go after the pause', async () => {
    let now = 0;
    const { client } = engineClient({
      now: () => now,
      crashPolicy: { forgiven: 1, window: 60_000, firstPause: 5000, longestPause: 60_000 },
    });
    for (const expected of [/stopped unexpectedly/, /stopped unexpectedly/]) {
      const pending = client.request('loadModel', quick.model);
      await vi.waitFor(() => expect(client.pid).toBeDefined());
      process.kill(client.pid ?? 0, 'SIGKILL');
      await expect(pending).rejects.toThrow(expected);
    }
    await expect(client.request('loadModel', quick.model)).rejects.toThrow(/stopped 2 times.*try again in 5 s/);
    now = 5001;
    await expect(client.request('loadModel', quick.model)).resolves.toMatchObject({ provider: 'CPU' });
  });

  it('reports the exit code and the output of one that cannot run', async () => {
    const broken = join(folder, 'broken.js');
    await writeFile(broken, 'process.stderr.write("no such library\\n"); setTimeout(() => process.exit(7), 100);');
    const { client, logs } = engineClient({ enginePath: broken });
    await expect(client.request('loadModel', quick.model)).rejects.toThrow('(exit code 7)');
    await vi.waitFor(() => expect(logs).toContainEqual({ level: 'warn', message: 'no such library' }));
  });

  it('reports an uncaught error of its own and leaves at once', async () => {
    const failing = join(folder, 'failing.js');
    await writeFile(
      failing,
      `require('./engine.js');
       process.on('message', ({ method }) => { if (method === 'loadModel') throw new Error('a defect'); });`,
    );
    const { client, logs } = engineClient({ enginePath: failing });
    const { pending } = await running(client);
    const other = client.request('loadModel', quick.model);
    await expect(pending).rejects.toThrow(/\((signal SIGKILL|exit code 1)\)/);
    await expect(other).rejects.toThrow(/stopped unexpectedly/);
    await vi.waitFor(() =>
      expect(logs).toContainEqual({ level: 'error', message: expect.stringContaining('a defect') as string }),
    );
  });

  it('rejects where the program to run it is missing', async () => {
    const { client } = engineClient({ execPath: join(folder, 'no-such-node') });
    await expect(client.request('loadModel', quick.model)).rejects.toThrow(/ENOENT/);
  });
});

describe('an engine whose network runs', () => {
  it('serves pictures, inspections and cancellations meanwhile', async () => {
    const { client } = engineClient();
    const { id } = await client.request('analyzeImage', quick);
    const abort = new AbortController();
    const { pending } = await running(client, abort.signal);
    let done = false;
    const settled = pending.catch((error: unknown) => error).finally(() => (done = true));
    const display = { image: scene.image, cacheFolder: folder, maxPixels: 1e6 };
    await expect(client.request('displayImage', display)).resolves.toEqual({ file: scene.image });
    await expect(client.request('inspectAnchor', { id, anchor: 5 })).resolves.toMatchObject({ anchor: 5 });
    expect(done).toBe(false);
    abort.abort();
    await expect(settled).resolves.toBeInstanceOf(CancelledError);
    // What was cancelled takes nothing from what follows.
    await expect(client.request('analyzeImage', quick)).resolves.toHaveProperty('id');
  });
});

describe('an engine that dies over a GPU', () => {
  /** Says which phase it is in and dies, unless a provider is ruled out; then answers with the parameters it was given. */
  async function gpuEngine(phase: object): Promise<string> {
    const file = join(folder, `gpu-${Object.values(phase).join('-')}.js`);
    await writeFile(
      file,
      `process.on('message', ({ type, id, params }) => {
         if (type !== 'request') return;
         const model = params.model ?? params;
         if (model.crashed !== undefined) process.send({ type: 'reply', id, result: params });
         else process.send({ type: 'event', event: 'provider', payload: ${JSON.stringify(phase)} }, () => process.abort());
       });`,
    );
    return file;
  }
  const auto = { checkpoint: 'w.pth', runtime: 'auto' } as const;
  const webgpu = { choice: 'webgpu', provider: 'WebGPU', automatic: true } as const;
  const cuda = { choice: 'cuda', provider: 'CUDA', automatic: false } as const;

  it.each([
    ['trying', webgpu],
    ['running', cuda],
  ])('is asked to do without that provider alone: %s %j', async (phase, crashed) => {
    const { client, onExit } = engineClient({ enginePath: await gpuEngine({ phase, ...crashed }) });
    await expect(client.request('loadModel', auto)).rejects.toThrow(/stopped unexpectedly/);
    expect(onExit.mock.lastCall?.[0]).toMatchObject({ unexpected: true, crashed });
    await expect(client.request('loadModel', auto)).resolves.toEqual({ ...auto, crashed: [crashed.choice] });
    await expect(client.request('analyzeImage', { ...quick, model: auto })).resolves.toMatchObject({
      model: { crashed: [crashed.choice] },
    });
    process.kill(client.pid ?? 0, 'SIGKILL');
    await vi.waitFor(() => expect(onExit).toHaveBeenCalledTimes(2));
    expect(onExit.mock.lastCall?.[0]).toMatchObject({ unexpected: true, crashed: undefined });
  });

  it('passes it on to the client that follows, as after a reload of the window', async () => {
    const crashes = new CrashMemory(memento(), '1.0.0');
    const enginePath = await gpuEngine({ phase: 'trying', ...webgpu });
    await expect(engineClient({ enginePath, crashes }).client.request('loadModel', auto)).rejects.toThrow();
    const next = engineClient({ enginePath, crashes }).client;
    await expect(next.request('loadModel', auto)).resolves.toEqual({ ...auto, crashed: ['webgpu'] });
  });

  it.each([[{ phase: 'running', choice: 'cpu', provider: 'CPU', automatic: true }], [{ phase: 'idle' }]])(
    'is not put down to %j',
    async phase => {
      const { client, onExit } = engineClient({ enginePath: await gpuEngine(phase) });
      await expect(client.request('loadModel', auto)).rejects.toThrow(/stopped unexpectedly/);
      expect(onExit.mock.lastCall?.[0]).toMatchObject({ unexpected: true, crashed: undefined });
    },
  );
});

describe('the end', () => {
  it('comes with dispose, in the middle of work too', async () => {
    const { client, onExit } = engineClient();
    const { pending } = await running(client);
    const { pid } = client;
    client.dispose();
    await expect(pending).rejects.toBeInstanceOf(CancelledError);
    await expect(client.request('loadModel', quick.model)).rejects.toBeInstanceOf(CancelledError);
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 5000 });
    expect(onExit).toHaveBeenCalledWith(expect.objectContaining({ unexpected: false }));
  });

  it('comes with the end of the parent', async () => {
    const parent = join(folder, 'parent.js');
    await writeFile(
      parent,
      `const { fork } = require('node:child_process');
       const engine = fork(${JSON.stringify(enginePath)}, [], { serialization: 'advanced' });
       engine.on('message', () => undefined);
       engine.send({ type: 'request', id: 1, method: 'analyzeImage', params: ${JSON.stringify(slow)} });
       setTimeout(() => process.send(engine.pid), 300);`,
    );
    const child = fork(parent, [], { env: { ...process.env, ...bundleEnvironment } });
    const [pid] = (await once(child, 'message')) as [number];
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000, interval: 100 });
  });
});
