// npm run bench -- throughput [ROUNDS]: a run over a dataset, store and all, in turn with the bare forward pass on the
// same images, cores and session: with a ResNet-50 at 800x1088 where `npm run bench` has made one, on the harbour sample,
// whose network takes some hundredth of that, and on BCCD where it is at hand.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../scripts/setup.mjs';
import { bundle, median } from './worker.mjs';

/** Of what the bare forward pass allows. */
const least = 0.9;
const shared = join(root, '..', 'shared');
const cases = folder => [
  {
    name: 'ResNet-50, 800x1088, 91 classes',
    dataset: sceneDataset(folder, 20),
    model: join(folder, 'r50.pth'),
    images: 20,
  },
  {
    name: 'harbour',
    dataset: join(root, 'examples', 'harbour', 'labels.json'),
    model: join(root, 'examples', 'harbour', 'model.safetensors'),
    images: 60,
  },
  {
    name: 'BCCD',
    dataset: join(shared, 'data', 'bccd'),
    model: join(shared, 'models', 'bccd_retinanet_r18.pth'),
    images: 60,
  },
];

/** A Pascal VOC folder of the benchmark's scene, so many times. */
function sceneDataset(folder, count) {
  const made = join(folder, 'scenes');
  for (const [name, kind] of [
    ['JPEGImages', 'png'],
    ['Annotations', 'xml'],
  ]) {
    mkdirSync(join(made, name), { recursive: true });
    const scene = join(folder, `scene.${kind}`);
    if (!existsSync(scene)) return '';
    for (let i = 0; i < count; i++) copyFileSync(scene, join(made, name, `${i}.${kind}`));
  }
  return made;
}

export async function benchThroughput(folder, rounds) {
  const worker = await bundle('bench/throughputWorker.ts');
  await bundle('src/engine/inference/main.ts', 'inference.js');
  await bundle('src/engine/imageAnalysis/main.ts', 'analysis.js');
  const binary = 'node-sqlite3-wasm.wasm';
  copyFileSync(join(root, 'node_modules', 'node-sqlite3-wasm', 'dist', binary), join(dirname(worker), binary));
  for (const { name, dataset, model, images } of cases(folder)) {
    if (!existsSync(dataset) || !existsSync(model)) {
      console.log(`\n${name}: left out, it is not at hand`);
      continue;
    }
    const output = execFileSync(
      process.execPath,
      [worker, model, dataset, dirname(worker), rounds, images].map(String),
      {
        encoding: 'utf8',
      },
    );
    report(name, JSON.parse(output));
  }
}

function report(name, { images, rows }) {
  const rate = kind => median(rows.map(row => (1000 * images) / row[kind].ms));
  const ratios = rows.map(({ bare, run }) => bare.ms / run.ms);
  const work = rows.map(({ bare, run }) => bare.processorMs / run.processorMs);
  const spread = values => `${Math.min(...values).toFixed(2)}-${Math.max(...values).toFixed(2)}`;
  console.log(`\n${name}: ${images} images, ${rows.length} rounds in turn, medians`);
  console.log(`  bare forward pass           ${rate('bare').toFixed(2)} images a second`);
  console.log(`  run over the dataset        ${rate('run').toFixed(2)} images a second`);
  console.log(`  processor time, bare / run  ${median(work).toFixed(2)} (${spread(work)})`);
  const ratio = median(ratios);
  const verdict = ratio >= least ? 'met' : 'MISSED';
  console.log(`  throughput, run / bare      ${ratio.toFixed(2)} (${spread(ratios)})   at least ${least}: ${verdict}`);
}
