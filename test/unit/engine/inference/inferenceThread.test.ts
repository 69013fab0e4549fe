/** Which threads run networks: real ones, counted as Node starts and ends them. */
import { symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CancelledError, UserError } from '../../../../src/common/errors';
import { openSessionInThread } from '../../../../src/engine/inference/inferenceThread';
import type { OpenSession } from '../../../../src/engine/inference/openSession';
import { openSessionHere } from '../../../../src/engine/inference/openSession';
import { probeNetwork } from '../../../../src/model/runtime/probeNetwork';
import type { Network } from '../../../../src/model/types';
import { bundle } from '../../helpers/bundles';
import { temporaryFolder } from '../../helpers/temporaryFolder';

const [height, width] = [64, 96];
const input = Float32Array.from({ length: 3 * height * width }, (_, index) => Math.sin(index));
const isolated = { threads: 1 };

let folder: string;
let file: string;
let started: Worker[] = [];
let ended = 0;
const note = (worker: Worker) => {
  started.push(worker);
  worker.once('exit', () => ended++);
};

beforeAll(async () => {
  folder = await temporaryFolder();
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await bundle('engine', folder);
  file = join(folder, 'inference.js');
  process.on('worker', note);
});
afterAll(() => {
  process.off('worker', note);
});
beforeEach(() => {
  started = [];
  ended = 0;
});
afterEach(async () => {
  for (const worker of started) await worker.terminate();
});

/** What a network that runs gives. */
async function logitsOf(open: OpenSession): Promise<Float32Array> {
  const { session } = await open(probeNetwork(), 'cpu', isolated);
  const { logits } = await session.run(input, height, width);
  await session.dispose();
  return logits;
}

/** Its outputs are computed nowhere: no runtime takes it. */
function unfitNetwork(): Network {
  return { ...probeNetwork(), outputs: [{ level: 'P3', logits: 'nowhere', deltas: 'nowhere' }] };
}

describe('openSessionInThread', () => {
  it('lets one thread serve network after network, with the numbers of this thread', async () => {
    const open = openSessionInThread(file);
    const here = await logitsOf(openSessionHere);
    expect(await logitsOf(open)).toEqual(here);
    expect(await logitsOf(open)).toEqual(here);
    expect([started.length, ended]).toEqual([1, 0]);
  });

  it('says which provider it tries, and waits until that is heard', async () => {
    const open = openSessionInThread(file);
    const events: string[] = [];
    const { session } = await open(probeNetwork(), 'cpu', {
      ...isolated,
      log: message => events.push(message),
      onTrying: async ({ choice, label }) => {
        await new Promise(resolve => setTimeout(resolve, 50));
        events.push(`${choice} ${label}`);
      },
    });
    expect(events).toEqual(['cpu CPU', 'Starting ONNX Runtime on CPU']);
    await session.dispose();
  });

  it('keeps a thread that says that a network does not start', async () => {
    const open = openSessionInThread(file);
    await expect(open(unfitNetwork(), 'cpu', isolated)).rejects.toThrow(UserError);
    await expect(open(probeNetwork(), 'coreml', isolated)).rejects.toThrow('does not exist on this platform');
    expect(await logitsOf(open)).toEqual(await logitsOf(openSessionHere));
    expect([started.length, ended]).toEqual([1, 0]);
  });

  it('ends a thread whose opening is cancelled, and starts another', async () => {
    const open = openSessionInThread(file);
    const abort = new AbortController();
    const opening = open(probeNetwork(), 'cpu', { ...isolated, signal: abort.signal });
    abort.abort();
    await expect(opening).rejects.toThrow(CancelledError);
    expect([started.length, ended]).toEqual([1, 1]);
    expect((await logitsOf(open)).length).toBeGreaterThan(0);
    expect([started.length, ended]).toEqual([2, 1]);
  });

  it('starts no thread for an opening that is cancelled before', async () => {
    const open = openSessionInThread(file);
    const opening = open(probeNetwork(), 'cpu', { ...isolated, signal: AbortSignal.abort() });
    await expect(opening).rejects.toThrow(CancelledError);
    expect(started.length).toBe(0);
  });

  it('starts another thread where one has died', async () => {
    const dying = join(folder, 'dying.js');
    await writeFile(
      dying,
      "require('node:worker_threads').parentPort.on('message', () => { throw new Error('no'); });",
    );
    const open = openSessionInThread(dying);
    const failure = 'the thread that runs the network stopped: no';
    await expect(open(probeNetwork(), 'cpu', isolated)).rejects.toThrow(failure);
    await expect(open(probeNetwork(), 'cpu', isolated)).rejects.toThrow(failure);
    expect([started.length, ended]).toEqual([2, 2]);
  });
});
