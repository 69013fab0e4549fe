import { relative } from 'node:path';
import util from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/common/errors';
import { relativeDifference } from '../../../src/model/runtime/compareSessions';
import { createSession } from '../../../src/model/runtime/createSession';
import { fixedInput } from '../../../src/model/runtime/fixedInput';
import { findTensorFlow } from '../../../src/model/runtime/tfjs/findTensorFlow';
import { supplyRemovedFunctions } from '../../../src/model/runtime/tfjs/loadTensorFlow';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { writePackageLikeTfjsNode } from './packageLikeTfjsNode';
import { tinyRetinaNet } from './tinyNetworks';

type RemovedFunctions = Partial<Record<'isNullOrUndefined' | 'isArray', unknown>>;

describe('a native TensorFlow.js (stood in for by a package that behaves like tfjs-node at the module boundary)', () => {
  const removed = util as RemovedFunctions;
  const { isNullOrUndefined, isArray } = removed;
  beforeEach(() => {
    // As Node 23 and later are, whichever Node runs this.
    delete removed.isNullOrUndefined;
    delete removed.isArray;
  });
  afterEach(() => {
    Object.assign(removed, { isNullOrUndefined, isArray });
  });

  it('computes what the CPU computes, on a Node without the functions of util that it calls', async () => {
    const folder = await temporaryFolder();
    await writePackageLikeTfjsNode(folder);
    const network = await tinyRetinaNet({ headNorm: 'group', fpn: 32, top: 'c5' });
    const cpu = await createSession(network, 'cpu', { threads: 1 });
    const log: string[] = [];
    const tensorFlowFolders = [await temporaryFolder(), folder];
    const options = { tensorFlowFolders, log: (message: string) => log.push(message) };
    const { session, reason, checks } = await createSession(network, 'tensorflow', options);
    expect(session).toMatchObject({ runtime: 'TensorFlow.js', provider: 'TensorFlow (tfjs-node 4.22.0)' });
    expect(reason).toBe('TensorFlow is chosen as runtime');
    expect(checks).toMatchObject([{ choice: 'tensorflow', outcome: 'chosen' }]);
    expect(log.at(-1)).toMatch(/^Loading @tensorflow\/tfjs-node 4\.22\.0 from .+tfjs-node$/);

    // In turn with WebAssembly: backends are global to a process, sessions must not mind.
    const wasm = await createSession(network, 'wasm');
    for (const [height, width] of [
      [64, 96],
      [32, 32],
    ] as const) {
      const input = fixedInput(height, width);
      const expected = await cpu.session.run(input, height, width);
      const found = await Promise.all([session.run(input, height, width), wasm.session.run(input, height, width)]);
      for (const { logits, deltas, grids } of found) {
        expect(grids).toEqual(expected.grids);
        expect(relativeDifference(logits, expected.logits)).toBeLessThan(1e-4);
        expect(relativeDifference(deltas, expected.deltas)).toBeLessThan(1e-4);
      }
    }
    for (const opened of [session, cpu.session, wasm.session]) await opened.dispose();
  });

  it('says what is missing where none is installed', async () => {
    const creation = createSession(await tinyRetinaNet(), 'tensorflow', {
      tensorFlowFolders: [await temporaryFolder()],
    });
    await expect(creation).rejects.toThrow(UserError);
    await expect(creation).rejects.toThrow(
      'TensorFlow does not start (it is not installed), it needs the package @tensorflow/tfjs-node or @tensorflow/tfjs-node-gpu; choose one of auto, cpu',
    );
  });

  it.each([
    ["throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found')", 'tfjs_binding.node'],
    ["require('no-such-package-at-all')", "Cannot find module 'no-such-package-at-all'"],
    ['exports.add = 1', 'lacks functions of TensorFlow.js'],
    ['module.exports = null', 'lacks functions of TensorFlow.js'],
  ])('says why one that is damaged does not load: %s', async (main, message) => {
    const folder = await temporaryFolder();
    await writePackageLikeTfjsNode(folder, { main });
    const creation = createSession(await tinyRetinaNet(), 'tensorflow', { tensorFlowFolders: [folder] });
    await expect(creation).rejects.toThrow(UserError);
    await expect(creation).rejects.toThrow(message);
    await expect(creation).rejects.not.toThrow(/Require stack/);
  });
});

describe('findTensorFlow', () => {
  it('takes the first folder that has one, and prefers the one for GPUs', async () => {
    const [none, first, second] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
    expect(await findTensorFlow([none])).toBeUndefined();
    await writePackageLikeTfjsNode(second, { version: '4.21.0' });
    expect(await findTensorFlow([none, first, second])).toMatchObject({
      name: '@tensorflow/tfjs-node',
      version: '4.21.0',
    });
    await writePackageLikeTfjsNode(first);
    const root = await writePackageLikeTfjsNode(first, { name: '@tensorflow/tfjs-node-gpu' });
    expect(await findTensorFlow([none, first, second])).toEqual({
      name: '@tensorflow/tfjs-node-gpu',
      version: '4.22.0',
      folder: root,
    });
  });

  it('gives an absolute path for a relative folder', async () => {
    const parent = await temporaryFolder();
    const root = await writePackageLikeTfjsNode(parent);
    expect(await findTensorFlow([relative('.', parent)])).toMatchObject({ folder: root });
  });

  it('does not look into parent folders', async () => {
    const parent = await temporaryFolder();
    await writePackageLikeTfjsNode(parent);
    expect(await findTensorFlow([`${parent}/images`])).toBeUndefined();
  });
});

describe('supplyRemovedFunctions', () => {
  it('supplies what is missing and leaves what is there', () => {
    const kept = (): string => 'kept';
    const target: RemovedFunctions = { isArray: kept };
    supplyRemovedFunctions(target);
    const isNullOrUndefined = target.isNullOrUndefined as (value: unknown) => boolean;
    expect([null, undefined, 0, '', false, NaN].map(isNullOrUndefined)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(target.isArray).toBe(kept);
  });
});
