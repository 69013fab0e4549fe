import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runtimeChoices } from '../../../src/common/runtimeChoice';
import type { BenchmarkRow, BenchmarkSetting } from '../../../src/protocol/benchmark';
import { benchmarkMarkdown } from '../../../src/protocol/benchmark';
import { bundle, bundleEnvironment } from '../helpers/bundles';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { writeTinyModel, writeTinyScene } from '../helpers/tinyModel';
import { spawn } from 'node:child_process';

const timeout = 120_000;

describe('focal-lens bench', () => {
  let cli: string;
  let model: string;
  let image: string;
  beforeAll(async () => {
    const folder = await temporaryFolder();
    cli = await bundle('cli', folder);
    model = (await writeTinyModel(folder)).checkpoint;
    image = (await writeTinyScene(folder)).image;
  }, timeout);

  async function bench(...args: string[]): Promise<{ status: number | null; out: string; err: string }> {
    const child = spawn(process.execPath, [cli, 'bench', ...args], { env: { ...process.env, ...bundleEnvironment } });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const status = await new Promise<number | null>(done => child.on('close', done));
    return { status, out, err };
  }

  it('measures every runtime that there is, each against the CPU', { timeout }, async () => {
    const { status, out, err } = await bench('--model', model, '--image', image, '--json');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const { rows, ...setting } = JSON.parse(out) as BenchmarkSetting & { rows: BenchmarkRow[] };
    expect(setting.anchors).toBeGreaterThan(100);
    expect([setting.width % 32, setting.height % 32]).toEqual([0, 0]);
    const row = (choice: string): BenchmarkRow['result'] | undefined => rows.find(row => row.choice === choice)?.result;
    for (const choice of ['cpu', 'wasm']) {
      const result = row(choice);
      if (result === undefined || 'failure' in result) throw new Error(`${choice} failed`);
      expect(result.milliseconds).toBeGreaterThan(0);
      expect(result.difference?.logits).toBeLessThan(1e-4);
      expect(result.difference?.deltas).toBeLessThan(1e-4);
      expect(result.peakBytes).toBeGreaterThan(1e7);
    }
    expect(row('tensorflow')).toMatchObject({ failure: expect.stringContaining('it is not installed') as string });
    const known: readonly string[] = runtimeChoices;
    for (const { choice } of rows) expect(known).toContain(choice);
  });

  it('prints a table without paths', { timeout }, async () => {
    const { status, out } = await bench('--model', model, '--runtime', 'cpu');
    expect(status).toBe(0);
    expect(out).toMatch(/^# Focal Lens runtimes\n\nRetinaNet ResNet-18/);
    expect(out).toMatch(
      /\n\| ONNX Runtime, CPU \| .+ \| [\d.]+ \| [\d.]+ \| \d+ \| 0\.0e\+0 \| 0\.0e\+0 \| \d+ \| \d+ runs \|\n$/,
    );
    expect(out).not.toContain(model);
  });

  it.each([
    [['--runtime', 'cpu'], 2, 'bench needs --model with a checkpoint'],
    [['--model', 'x.pth', '--runtime', 'auto'], 2, '--runtime is "auto", expected one of cpu, webgpu'],
    [['--model', 'x.pth', 'y'], 2, 'bench takes options only, found "y"'],
    [['--model', 'no-such.pth'], 1, 'no-such.pth'],
  ])('%j: status %d', { timeout }, async (args, expected, message) => {
    const { status, out, err } = await bench(...args);
    expect({ status, out }).toEqual({ status: expected, out: '' });
    expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('goes on where a runtime takes its process down', { timeout }, async () => {
    const folder = await temporaryFolder();
    const crash = join(folder, 'crash.cjs');
    await writeFile(crash, "if (process.argv.includes('wasm')) process.kill(process.pid, 'SIGKILL');");
    const options = { ...process.env, ...bundleEnvironment, NODE_OPTIONS: `--require ${JSON.stringify(crash)}` };
    const child = spawn(process.execPath, [cli, 'bench', '--model', model], { env: options });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    expect(await new Promise(done => child.on('close', done))).toBe(0);
    expect(out).toMatch(/ONNX Runtime, CPU \|/);
    expect(out).toMatch(/wasm \|.*its process stopped \(/);
  });
});

describe('benchmarkMarkdown', () => {
  it('keeps its shape whatever drivers are called', () => {
    const row: BenchmarkRow = {
      choice: 'webgpu',
      runtime: 'ONNX Runtime',
      provider: 'WebGPU',
      devices: ['a|b\n`c`', '<script>'],
      result: { failure: 'line one\nline two | three' },
    };
    const lines = benchmarkMarkdown(undefined, [row]).trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    const columns = (line?: string): number => line?.split(/(?<!\\)\|/).length ?? 0;
    expect(lines.map(columns)).toEqual([11, 11, 11]);
    expect(lines[2]).toContain('a\\|b \\`c\\`; \\<script\\>');
  });
});
