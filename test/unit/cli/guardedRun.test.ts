/** A GPU's driver that crashes takes down a process of its own, and the command goes on without that GPU. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { needsGuard } from '../../../src/cli/guardedRun';
import { bundle, bundleEnvironment } from '../helpers/bundles';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { writeTinyModel, writeTinyScene } from '../helpers/tinyModel';
import { hasCompiler, vulkanEnvironment, writeCrashingVulkan } from '../helpers/vulkan';

const timeout = 300_000;

describe.skipIf(!hasCompiler)('a Vulkan driver that crashes (skipped without gcc on Linux)', () => {
  let folder: string;
  let cli: string;
  let image: string;
  let model: string;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    folder = await temporaryFolder();
    cli = await bundle('cli', folder);
    ({ image } = await writeTinyScene(folder));
    model = (await writeTinyModel(folder)).checkpoint;
    env = { ...process.env, ...bundleEnvironment, ...vulkanEnvironment(await writeCrashingVulkan(folder)) };
  }, timeout);

  function start(...args: string[]) {
    const child = spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const ended = new Promise<{ status: number | null; signal: string | null; out: string; err: string }>(done =>
      child.on('close', (status, signal) => done({ status, signal, out, err })),
    );
    return { child, ended };
  }

  it('leaves an analysis to the CPU, and says so in one line', { timeout }, async () => {
    const { status, out, err } = await start('analyze', image, '--model', model).ended;
    expect(err).toBe('focal-lens: WebGPU took its process down (signal SIGSEGV): going on without it\n');
    expect(status).toBe(0);
    expect(out).toContain('ONNX Runtime, CPU');
    expect(out).toContain('CPU: WebGPU took its process down before and is not tried\n');
  });

  it('leaves a data set to the CPU', { timeout }, async () => {
    const store = join(folder, 'results.sqlite');
    const args = ['analyze-dataset', folder, '--model', model, '--store', store, '--json'];
    const { status, out, err } = await start(...args).ended;
    expect(err).toBe('focal-lens: WebGPU took its process down (signal SIGSEGV): going on without it\n');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toBeTypeOf('object');
    expect(existsSync(store)).toBe(true);
  });

  it.each([
    [['analyze', 'IMAGE'], 'WebGPU took its process down (signal SIGSEGV); leave --runtime out, or choose cpu'],
    [['bench'], 'webgpu does not run: its process stopped (SIGSEGV); leave --runtime out'],
  ])('is an error of one line where it was asked for: %j', { timeout }, async (args, message) => {
    const given = args.map(value => (value === 'IMAGE' ? image : value));
    const { status, out, err } = await start(...given, '--model', model, '--runtime', 'webgpu').ended;
    expect({ status, out, err }).toEqual({ status: 1, out: '', err: `focal-lens: ${message}\n` });
  });

  it('passes an interruption on to the work, once', { timeout }, async () => {
    const slow = await writeTinyModel(folder, { name: 'slow', card: { minSize: 1600, maxSize: 2200 } });
    const { child, ended } = start('analyze', image, '--model', slow.checkpoint);
    await vi.waitFor(() => expect(child.pid).toBeDefined());
    setTimeout(() => child.kill('SIGINT'), 1000);
    expect(await ended).toMatchObject({ status: null, signal: 'SIGINT', out: '' });
  });
});

describe('needsGuard', () => {
  const gpu = (argv: string) => needsGuard(argv.split(' '), () => true);
  const none = (argv: string) => needsGuard(argv.split(' '), () => false);

  it('is for what may load a driver', () => {
    for (const runtime of ['', ' --runtime auto', ' --runtime webgpu', ' --runtime tensorflow']) {
      expect(gpu(`analyze a.png --model b.pth${runtime}`)).toBe(true);
      expect(gpu(`analyze-dataset folder --model b.pth${runtime}`)).toBe(true);
    }
    expect(none('analyze a.png --model b.pth --runtime tensorflow')).toBe(true);
  });

  it('is not for anything else', () => {
    expect(none('analyze a.png --model b.pth')).toBe(false);
    for (const argv of ['analyze a.png --model b.pth --runtime cpu', 'analyze a.png --model b.pth --runtime wasm']) {
      expect(gpu(argv)).toBe(false);
    }
    for (const argv of ['issues a.sqlite', 'analyze', 'convert a --to voc --out b', 'bench --model b.pth', '--help']) {
      expect(gpu(argv)).toBe(false);
    }
  });
});
