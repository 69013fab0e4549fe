import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BenchmarkRow, BenchmarkSetting } from '../../../src/protocol/benchmark';
import { mayHaveGpu } from '../../../src/model/runtime/gpuDevices';
import { bundle, bundleEnvironment } from '../helpers/bundles';
import type { RetinaNetOptions } from '../helpers/retinaNetTensors';
import { retinaNetTensors } from '../helpers/retinaNetTensors';
import { writeSafetensors } from '../helpers/safetensors';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { writeTinyModel, writeTinyScene } from '../helpers/tinyModel';
import { softwareVulkan, vulkanEnvironment } from '../helpers/vulkan';

const chosen = process.env.VK_ICD_FILENAMES;
const available = process.platform !== 'linux' || chosen !== undefined || existsSync(softwareVulkan);

const timeout = 300_000;

/** Both of torchvision's RetinaNets with few channels and blocks: shaders take a software GPU seconds to compile. */
const networks: readonly (readonly [name: string, options: RetinaNetOptions])[] = [
  ['v1, basic blocks', { blocks: [1, 1, 1, 1], fpn: 16, depth: 1 }],
  [
    'v2, bottlenecks and group norm',
    {
      ...({ block: 'bottleneck', blocks: [1, 1, 1, 1], channels: [16, 16, 16, 16], groups: 2 } as const),
      ...({ top: 'c5', headNorm: 'group', fpn: 32, depth: 1, classes: 2, anchors: 9 } as const),
    },
  ],
];

// In a process of its own, which a driver may take down, and whose environment chooses the driver.
describe.skipIf(!available)('WebGPU computes what the CPU computes (skipped without a Vulkan driver)', () => {
  let folder: string;
  let cli: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    cli = await bundle('cli', folder);
  }, timeout);

  it.each(networks)('%s', { timeout }, async (name, options) => {
    const file = join(folder, `${name.slice(0, 2)}.safetensors`);
    const tensors = [...retinaNetTensors(options)].map(
      ([key, { shape, values }]) => [key, { shape, data: values }] as const,
    );
    await writeSafetensors(file, new Map(tensors));
    await writeFile(file.replace(/safetensors$/, 'json'), JSON.stringify({ minSize: 32, maxSize: 64 }));
    const { rows, ...setting } = await bench(file);
    expect(setting.architecture).toContain(name.slice(0, 2));
    expect(rows).toHaveLength(1);
    const { provider, result } = rows[0];
    expect(provider).toBe('WebGPU');
    if ('failure' in result) throw new Error(result.failure);
    expect(result.difference?.logits).toBeLessThan(1e-4);
    expect(result.difference?.deltas).toBeLessThan(1e-4);
  });

  async function bench(model: string): Promise<BenchmarkSetting & { rows: BenchmarkRow[] }> {
    const vulkan = process.platform === 'linux' && chosen === undefined ? vulkanEnvironment(softwareVulkan) : {};
    const env: NodeJS.ProcessEnv = { ...process.env, ...bundleEnvironment, ...vulkan };
    const { status, out, err } = await run([cli, 'bench', '--model', model, '--runtime', 'webgpu', '--json'], env);
    if (status !== 0) throw new Error(`exit status ${status}: ${err}`);
    return JSON.parse(out) as BenchmarkSetting & { rows: BenchmarkRow[] };
  }
});

describe.skipIf(mayHaveGpu())('WebGPU that was chosen (skipped with a GPU)', () => {
  it('is refused in one line', { timeout }, async () => {
    const folder = await temporaryFolder();
    const { checkpoint } = await writeTinyModel(folder);
    const { image, labels } = await writeTinyScene(folder);
    const cli = await bundle('cli', folder);
    const args = ['analyze', image, '--model', checkpoint, '--labels', labels, '--runtime', 'webgpu', '--json'];
    const { status, out, err } = await run([cli, ...args], { ...process.env, ...bundleEnvironment });
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(/^focal-lens: WebGPU does not start \(no GPU device was found\), it needs a GPU [^\n]+\n$/);
  });
});

/** The process's standard error holds what native code prints, too. */
async function run(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const status = await new Promise<number | null>(done => child.on('close', done));
  return { status, out, err };
}
