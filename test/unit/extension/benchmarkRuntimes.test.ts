import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CancelledError, UserError } from '../../../src/common/errors';
import { benchmarkRuntimes } from '../../../src/extension/runtime/benchmarkRuntimes';
import { bundle, bundleEnvironment } from '../helpers/bundles';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { writeTinyModel } from '../helpers/tinyModel';

const timeout = 120_000;

describe('benchmarkRuntimes', () => {
  let folder: string;
  let engine: Parameters<typeof benchmarkRuntimes>[0];
  let checkpoint: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    engine = {
      enginePath: await bundle('engine', folder),
      env: bundleEnvironment,
      onLog: () => undefined,
      modelDefaults: () => ({}),
    };
    checkpoint = (await writeTinyModel(folder)).checkpoint;
  }, timeout);
  const signal = new AbortController().signal;

  it('measures every runtime in an engine of its own', { timeout }, async () => {
    const [runtimes, ran]: string[][] = [[], []];
    const text = await benchmarkRuntimes(
      engine,
      { model: { checkpoint }, maxPixels: 1e8 },
      { signal, onRuntime: choice => runtimes.push(choice), onRan: choice => ran.push(choice) },
    );
    expect(runtimes).toEqual(['cpu', 'webgpu', 'cuda', 'directml', 'coreml', 'tensorflow', 'wasm']);
    expect(ran).toEqual(expect.arrayContaining(['cpu', 'wasm']));
    expect(ran).not.toContain('tensorflow');
    expect(text).toMatch(/^# Focal Lens runtimes\n/);
    expect(text).toMatch(/\| ONNX Runtime, CPU \|.*\d runs \|/);
    expect(text).toMatch(/\| TensorFlow\.js, WebAssembly \|.*\d runs \|/);
    expect(text).not.toContain(folder);
  });

  it('has a row for a runtime that takes its engine down', { timeout }, async () => {
    // An engine that dies of every runtime.
    const enginePath = join(folder, 'dying.js');
    await writeFile(enginePath, "process.on('message', () => process.exit(3));");
    const text = await benchmarkRuntimes(
      { ...engine, enginePath },
      { model: { checkpoint }, maxPixels: 1e8 },
      { signal, onRuntime: () => undefined },
    );
    expect(text.match(/the analysis engine stopped unexpectedly \(exit code 3\)/g)).toHaveLength(7);
  });

  it('refuses bad input at once, and can be cancelled', { timeout }, async () => {
    const request = { model: { checkpoint: join(folder, 'none.pth') }, maxPixels: 1e8 };
    await expect(benchmarkRuntimes(engine, request, { signal, onRuntime: () => undefined })).rejects.toThrow(UserError);
    const controller = new AbortController();
    const options = { signal: controller.signal, onRuntime: () => controller.abort() };
    await expect(benchmarkRuntimes(engine, { model: { checkpoint }, maxPixels: 1e8 }, options)).rejects.toThrow(
      CancelledError,
    );
  });
});
