// node bench/gpu.mjs [MODEL [ROUNDS [PYTHON]]]: the same image on one GPU by WebGPU and by PyTorch's CUDA, batch 1.
// MODEL is r50 (default) or r50v2 at 800x1088; ROUNDS 20; PYTHON an interpreter with CUDA builds of torch and torchvision
// (default: python3). Prints agreement with the CPU and with PyTorch on the card, medians of both in turn (the forward
// pass with both transfers, and the whole work), where the time of our forward pass goes as far as ONNX Runtime tells,
// and what is missing to 1.5 times PyTorch's. Without CUDA it prints our side alone.
// FOCAL_LENS_BENCH_RUNTIME is measured instead of webgpu; FOCAL_LENS_BENCH_DEVICE=cpu tries the script without a card.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { installPackages, run } from '../scripts/setup.mjs';
import { bundle, median, start } from './worker.mjs';

const [kind = 'r50', rounds = '20', python = 'python3'] = process.argv.slice(2);
const runtime = process.env.FOCAL_LENS_BENCH_RUNTIME ?? 'webgpu';
const device = process.env.FOCAL_LENS_BENCH_DEVICE ?? 'cuda';
const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'focal-lens', 'bench-gpu');
const aim = 1.5;
const steps = ['decode', 'prepare', 'forward', 'analyse', 'whole'];

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
const outputsOf = precision => join(folder, `${kind}-${precision}.bin`);
for (const precision of ['float32', 'tf32']) {
  try {
    const args = ['serve', kind, folder, device, precision, outputsOf(precision)];
    workers[precision] = await start(python, ['bench/torch_worker.py', ...args]);
    console.log(`PyTorch ${precision}: ${workers[precision].greeting}`);
  } catch (error) {
    console.log(`PyTorch ${precision}: does not run (${error.message})`);
  }
}

const { times, losses } = await measure();
for (const worker of Object.values(workers)) worker.stop();
const hasTorch = times.float32 !== undefined;
const medianOf = (name, step) => median(times[name].map(parts => parts[step]));

console.log(`\n${kind}, 800x1088, batch 1, ${rounds} rounds in turn, medians in ms`);
const names = Object.keys(times);
printRow(['', ...names.map(name => (name === 'ours' ? `Focal Lens, ${runtime}` : `PyTorch, ${name}`))]);
for (const step of steps) printRow([step, ...names.map(name => medianOf(name, step).toFixed(1))]);
if (hasTorch) await printAgreement();

/** Rounds in turn, after some that warm up: milliseconds of every step, and the losses. */
async function measure() {
  const times = Object.fromEntries(Object.keys(workers).map(name => [name, []]));
  const losses = {};
  for (const worker of Object.values(workers)) for (let i = 0; i < 3; i++) await worker.once();
  for (let i = 0; i < Number(rounds); i++) {
    for (const [name, worker] of Object.entries(workers)) {
      const answer = await worker.once();
      times[name].push(name === 'ours' ? ourSteps(answer) : torchSteps(answer));
      losses[name] =
        name === 'ours'
          ? [answer.loss.classification, answer.loss.boxRegression]
          : [answer.classification, answer.bbox_regression];
    }
  }
  return { times, losses };
}

function ourSteps({ milliseconds: { decode, prepare, forward, analyse, total } }) {
  return { decode, prepare, forward, analyse, whole: total };
}

/** Seconds, each step until the device is done. PyTorch leaves logits and deltas on the device. */
function torchSteps({ decode, prepare, forward, loss, detect }) {
  const parts = { decode, prepare, forward, analyse: loss + detect, whole: decode + prepare + forward + loss + detect };
  return Object.fromEntries(Object.entries(parts).map(([name, seconds]) => [name, 1000 * seconds]));
}

function printRow(cells) {
  console.log(`  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(12) : cell.padStart(20))).join('')}`);
}

/** Our numbers beside PyTorch's on the card, where our time goes, and what is missing to the aim. */
async function printAgreement() {
  console.log('\nRelative differences of losses, and largest differences of outputs, to PyTorch');
  const worker = await bundle('bench/outputsWorker.ts');
  let operations = [];
  for (const precision of ['float32', 'tf32'].filter(name => times[name] !== undefined)) {
    const profile = join(folder, 'profile');
    const args = [worker, kind, folder, runtime, outputsOf(precision), profile];
    const found = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 }));
    ({ operations } = found);
    const [classification, box] = losses.ours.map((loss, i) => Math.abs(loss / losses[precision][i] - 1));
    const shown = { 'focal loss': classification, 'box loss': box, logits: found.logits, deltas: found.deltas };
    const parts = Object.entries(shown).map(([name, value]) => `${name} ${value.toExponential(1)}`);
    console.log(`  ${precision}: ${parts.join(', ')}`);
  }
  if (operations.length > 0) {
    console.log(
      '\nOperations of our forward pass as ONNX Runtime measures them, ms (on a GPU it may be handing over only)',
    );
    for (const { name, milliseconds } of operations.slice(0, 12)) {
      console.log(`  ${name.padEnd(40)}${milliseconds.toFixed(2).padStart(10)}`);
    }
  }
  const measured = operations.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  console.log(`\n${step('forward')} ${step('whole')}`);
  if (measured > 0) {
    const rest = medianOf('ours', 'forward') - measured;
    console.log(
      `Of our forward pass the operations take ${measured.toFixed(1)} ms; transfers, waiting and all else ${rest.toFixed(1)} ms.`,
    );
  }
}

/** A sentence about one step's ratio to PyTorch's, and the aim. */
function step(name) {
  const [ours, theirs] = [medianOf('ours', name), medianOf('float32', name)];
  const ratio = median(times.ours.map((parts, i) => parts[name] / times.float32[i][name]));
  const missing = ours - aim * theirs;
  const verdict =
    missing <= 0
      ? `within ${aim} times`
      : `${missing.toFixed(1)} ms (${((100 * missing) / ours).toFixed(0)}% of it) above ${aim} times`;
  return `Our ${name} takes ${ratio.toFixed(2)} times PyTorch float32's on the same card: ${verdict}.`;
}
