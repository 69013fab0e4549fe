// npm run bench [-- ROUNDS | webview | dataset | store | throughput]: the whole work per image, in turn with
// torchvision's on the same image and weights, one thread each. The ratio that is judged is one of processor time: with
// one thread it equals that of the clock on a quiet machine, and holds on a busy one. Prints medians and the stated
// bounds; never fails on time.
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { installDebianPackages, installPackages, run } from '../scripts/setup.mjs';
import { benchDataset } from './dataset.mjs';
import { benchStore } from './store.mjs';
import { benchThroughput } from './throughput.mjs';
import { benchWebview } from './webview.mjs';
import { bundle, median, start } from './worker.mjs';

if (process.argv[2] === 'webview') {
  installPackages();
  await benchWebview();
  process.exit();
}

const python = '/usr/bin/python3';
const rounds = Number(process.argv[2] ?? 7);
const warmUps = 4;
const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'focal-lens', 'bench');

if (process.argv[2] === 'dataset') {
  installPackages();
  await benchDataset(folder, Number(process.argv[3] ?? 3));
  process.exit();
}

if (process.argv[2] === 'throughput') {
  installPackages();
  await benchThroughput(folder, Number(process.argv[3] ?? 5));
  process.exit();
}

if (process.argv[2] === 'store') {
  installPackages();
  await benchStore(folder);
  process.exit();
}

installPackages();
installDebianPackages([
  { name: 'python3-torchvision', file: '/usr/lib/python3/dist-packages/torchvision/__init__.py' },
]);
mkdirSync(folder, { recursive: true });
if (!existsSync(join(folder, 'scene.xml'))) run(python, ['bench/torch_worker.py', 'make', folder]);
const worker = await bundle('bench/analyzeWorker.ts');
const spread = values => `${Math.min(...values).toFixed(2)}-${Math.max(...values).toFixed(2)}`;

async function compare(kind, title) {
  const ours = await start(process.execPath, [worker, kind, folder]);
  const torch = await start(python, ['bench/torch_worker.py', 'serve', kind, folder]);
  // The first images run on code that is still being compiled; a run over a dataset hardly notices.
  const first = await ours.once();
  await torch.once();
  for (let i = 1; i < warmUps; i++) {
    await ours.once();
    await torch.once();
  }
  const rows = [];
  for (let i = 0; i < rounds; i++) rows.push({ ours: await ours.once(), torch: await torch.once() });
  ours.stop();
  torch.stop();

  const ms = key => median(rows.map(row => row.ours.milliseconds[key]));
  const torchMs = key => 1000 * median(rows.map(row => row.torch[key]));
  const whole = rows.map(row => row.ours.processor / 1000 / row.torch.processor);
  const clock = rows.map(row => row.ours.milliseconds.total / 1000 / (row.torch.forward + row.torch.loss));
  const waiting = median(rows.map(row => (row.torch.forward + row.torch.loss) / row.torch.processor));
  const rest = rows.map(row => row.ours.milliseconds.total / row.ours.milliseconds.forward - 1);
  const peak = Math.max(...rows.map(row => row.ours.peakKilobytes)) / 1024;
  const { loss } = rows[0].ours;
  const difference = (a, b) => Math.abs(a - b) / Math.abs(b);
  const table = [
    ['', 'Focal Lens', 'torchvision'],
    ['decode and labels', ms('decode'), torchMs('decode')],
    ['prepare', ms('prepare'), torchMs('prepare')],
    ['forward', ms('forward'), torchMs('forward')],
    ['anchors, matching, loss', '', torchMs('loss')],
    ['detections', '', torchMs('detect')],
    ['analyse, all of it', ms('analyse'), ''],
  ];
  console.log(`\n${title}, one thread, ${rounds} rounds in turn after ${warmUps} to warm up, medians in ms`);
  for (const [name, a, b] of table) {
    const cell = value => (typeof value === 'number' ? value.toFixed(1) : value).padStart(12);
    console.log(`  ${name.padEnd(26)}${cell(a)}${cell(b)}`);
  }
  console.log(
    `  losses agree within        ${difference(loss.classification, rows[0].torch.classification).toExponential(1)} ` +
      `and ${difference(loss.boxRegression, rows[0].torch.bbox_regression).toExponential(1)} (relative)`,
  );
  console.log(
    `  processor time, whole work ${median(rows.map(row => row.ours.processor)).toFixed(0)} ms, torchvision's forward and loss ${(1000 * median(rows.map(row => row.torch.processor))).toFixed(0)} ms`,
  );
  console.log(`  ratio by the clock         ${median(clock).toFixed(2)} (${spread(clock)})`);
  console.log(
    `  first image of the process ${first.milliseconds.total.toFixed(0)} ms, ${first.milliseconds.analyse.toFixed(0)} ms of it analysis`,
  );
  if (waiting > 1.2) {
    console.log(
      `  the machine is busy: by the clock, work takes ${waiting.toFixed(1)} times its processor time; times above are no measure`,
    );
  }
  return { whole: median(whole), wholeSpread: spread(whole), rest: median(rest), restSpread: spread(rest), peak };
}

function bound(name, value, limit, text) {
  console.log(`  ${name.padEnd(52)}${text.padEnd(22)} bound ${limit}: ${value <= limit ? 'met' : 'MISSED'}`);
}

const r50 = await compare('r50', 'ResNet-50, 800x1088, 91 classes, 163,206 anchors');
bound('whole work / torchvision forward + loss', r50.whole, 0.9, `${r50.whole.toFixed(2)} (${r50.wholeSpread})`);
bound('everything but the forward pass / forward', r50.rest, 0.15, `${r50.rest.toFixed(3)} (${r50.restSpread})`);
bound('peak memory of the process, MB', r50.peak, 1600, r50.peak.toFixed(0));
const r18 = await compare('r18', 'ResNet-18 with 64 FPN channels, 800x1088, 91 classes');
console.log(`  whole work / torchvision forward + loss             ${r18.whole.toFixed(2)} (${r18.wholeSpread})`);
await benchWebview();
await benchDataset(folder, 1);
await benchStore(folder);
await benchThroughput(folder, 3);
