import { spawn } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../helpers/bundles';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { writeTinyModel, writeTinyScene } from '../helpers/tinyModel';
import { writePackageLikeTfjsNode } from './packageLikeTfjsNode';

const timeout = 120_000;

/** Of what is printed: losses, breakdown, levels and labels. */
function findings(text: string): string {
  return text.slice(text.indexOf('Input'), text.lastIndexOf('\n\n'));
}

/** The same words, and numbers equal but for what float32 may do to their last digit. */
function expectSameFindings(found: string, expected: string): void {
  const number = /\d[\d,]*(\.\d+)?/g;
  const words = (text: string): string[] => findings(text).replace(number, '#').split(/\s+/);
  const numbers = (text: string): number[] =>
    (findings(text).match(number) ?? []).map(n => Number(n.replace(/,/g, '')));
  expect(words(found)).toEqual(words(expected));
  const [values, others] = [numbers(found), numbers(expected)];
  expect(values.length).toBeGreaterThan(50);
  for (const [index, value] of values.entries()) {
    expect(Math.abs(value - (others[index] ?? NaN))).toBeLessThanOrEqual(1e-3 * Math.abs(value));
  }
}

describe('a start ends in a working analysis', () => {
  let folder: string;
  let cli: string;
  let input: string[];
  beforeAll(async () => {
    folder = await temporaryFolder();
    cli = await bundle('cli', folder);
    input = [(await writeTinyScene(folder)).image, '--model', (await writeTinyModel(folder)).checkpoint];
  }, timeout);

  /** What the command line prints about an image. */
  async function analyse(env: NodeJS.ProcessEnv, ...more: string[]): Promise<string> {
    const args = [cli, 'analyze', ...input, ...more];
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
    expectSameFindings(without, everything);
  });

  it(
    'on a native TensorFlow.js that is given (stood in for by a package like it), as on the CPU',
    { timeout },
    async () => {
      const modules = await temporaryFolder();
      await writePackageLikeTfjsNode(modules);
      const env = { NODE_PATH: resolve('node_modules') };
      const found = await analyse(env, '--runtime', 'tensorflow', '--tensorflow', modules);
      expect(found).toContain('TensorFlow.js, TensorFlow (tfjs-node 4.22.0)');
      expectSameFindings(found, await analyse(env, '--runtime', 'cpu'));
    },
  );

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
