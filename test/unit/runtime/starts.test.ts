import { spawn } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../helpers/bundles';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { writeTinyModel, writeTinyScene } from '../helpers/tinyModel';

const timeout = 120_000;

describe('the runtime auto ends in a working analysis', () => {
  let folder: string;
  let cli: string;
  let input: string[];
  beforeAll(async () => {
    folder = await temporaryFolder();
    cli = await bundle('cli', folder);
    input = [(await writeTinyScene(folder)).image, '--model', (await writeTinyModel(folder)).checkpoint];
  }, timeout);

  /** What the command line prints about an image. */
  async function analyse(env: NodeJS.ProcessEnv): Promise<string> {
    const args = [cli, 'analyze', ...input];
    const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const status = await new Promise<number | null>(done => child.on('close', done));
    if (status !== 0) throw new Error(`exit status ${status}: ${err}`);
    return out;
  }

  /** What a program finds that lives outside the project: links to some of its packages. */
  async function packages(...names: string[]): Promise<string> {
    const modules = join(await temporaryFolder(), 'node_modules');
    for (const name of names) {
      const link = join(modules, name);
      await mkdir(join(link, '..'), { recursive: true });
      await symlink(resolve('node_modules', name), link, 'junction');
    }
    return modules;
  }

  it('on WebAssembly where ONNX Runtime has no binary', { timeout }, async () => {
    const without = await analyse({ NODE_PATH: await packages('sharp', '@tensorflow/tfjs-backend-wasm') });
    expect(without).toContain('TensorFlow.js, WebAssembly');
    expect(without).toContain("WebAssembly: ONNX Runtime does not run (Cannot find module 'onnxruntime-node')\n");
    const everything = await analyse({ NODE_PATH: resolve('node_modules') });
    expect(everything).toContain('ONNX Runtime, ');
    // Losses, breakdown, levels and labels to the printed digit.
    const findings = (text: string): string => text.slice(text.indexOf('Input'), text.lastIndexOf('\n\n'));
    expect(findings(without).length).toBeGreaterThan(500);
    expect(findings(without)).toBe(findings(everything));
  });

  it.skipIf(process.platform !== 'linux')(
    'on the CPU where the GPU driver does not load (Vulkan: Linux only)',
    { timeout },
    async () => {
      const missing = { VK_ICD_FILENAMES: join(folder, 'no-such-driver.json'), VK_DRIVER_FILES: '' };
      const text = await analyse({ NODE_PATH: resolve('node_modules'), ...missing });
      expect(text).toContain('ONNX Runtime, CPU');
      expect(text).toMatch(/CPU: WebGPU does not run \(.+\)\n/);
    },
  );
});
