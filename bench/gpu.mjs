// node bench/gpu.mjs [MODEL [ROUNDS [PYTHON]]]: the same image on one GPU by WebGPU and by PyTorch's CUDA, batch 1.
// MODEL is r50 (default) or r50v2 at 800x1088; ROUNDS 20; PYTHON an interpreter with CUDA builds of torch and torchvision
// (default: python3). Prints agreement with the CPU, then medians in turn: the forward pass with both transfers, and the
// whole work. Without CUDA it prints our side alone.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { installPackages, run } from '../scripts/setup.mjs';
import { bundle, median, start } from './worker.mjs';

const [kind = 'r50', rounds = '20', python = 'python3'] = process.argv.slice(2);
const runtime = process.env.FOCAL_LENS_BENCH_RUNTIME ?? 'webgpu';
const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'focal-lens', 'bench-gpu');

installPackages();
mkdirSync(folder, { recursive: true });
if (!existsSync(join(folder, `${kind}.pth`))) run(python, ['bench/torch_worker.py', 'make', folder, kind]);

// Agreement, start and forward pass as `focal-lens bench` measures them.
const cli = await bundle('src/cli/main.ts');
const files = ['--model', join(folder, `${kind}.pth`), '--image', join(folder, 'scene.png')];
console.log(execFileSync(process.execPath, [cli, 'bench', ...files, '--runtime', runtime], { encoding: 'utf8' }));

const workers = {
  ours: await start(process.execPath, [await bundle('bench/analyzeWorker.ts'), kind, folder, runtime]),
};
for (const precision of ['float32', 'tf32']) {
  try {
    workers[precision] = await start(python, ['bench/torch_worker.py', 'serve', kind, folder, 'cuda', precision]);
    console.log(`PyTorch ${precision}: ${workers[precision].greeting}`);
  } catch (error) {
    console.log(`PyTorch ${precision}: does not run (${error.message})`);
  }
}

const times = Object.fromEntries(Object.keys(workers).map(name => [name, []]));
for (const worker of Object.values(workers)) for (let i = 0; i < 3; i++) await worker.once();
for (let i = 0; i < Number(rounds); i++) {
  for (const [name, worker] of Object.entries(workers)) {
    const answer = await worker.once();
    const parts = name === 'ours' ? ourParts(answer) : torchParts(answer);
    times[name].push(parts);
  }
}
for (const worker of Object.values(workers)) worker.stop();

function ourParts({ milliseconds: { decode, prepare, forward, analyse, total } }) {
  return { decode, prepare, forward, analyse, whole: total };
}

/** Seconds, each part until the device is done. PyTorch leaves logits and deltas on the device. */
function torchParts({ decode, prepare, forward, loss, detect }) {
  const parts = { decode, prepare, forward, analyse: loss + detect, whole: decode + prepare + forward + loss + detect };
  return Object.fromEntries(Object.entries(parts).map(([name, seconds]) => [name, 1000 * seconds]));
}

console.log(`\n${kind}, 800x1088, batch 1, ${rounds} rounds in turn, medians in ms`);
const names = Object.keys(times);
const row = cells =>
  console.log(`  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(12) : cell.padStart(20))).join('')}`);
row(['', ...names.map(name => (name === 'ours' ? `Focal Lens, ${runtime}` : `CUDA, ${name}`))]);
for (const part of ['decode', 'prepare', 'forward', 'analyse', 'whole']) {
  row([part, ...names.map(name => median(times[name].map(parts => parts[part])).toFixed(1))]);
}
if (times.float32) {
  const ratio = part => median(times.ours.map((parts, i) => parts[part] / times.float32[i][part]));
  console.log(
    `  ours / CUDA float32: forward ${ratio('forward').toFixed(2)}, whole ${ratio('whole').toFixed(2)} (aim: 1.5)`,
  );
}
