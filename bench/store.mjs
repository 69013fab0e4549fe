// npm run bench -- store: questions behind the explorer against a store of COCO train2017's size, which is made in the
// user's cache. Every question opens the store anew, as after a pause; judged is the median, its processor time too.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../scripts/setup.mjs';
import { bundle, median } from './worker.mjs';

const images = 118_287;
const labels = 860_001;
const rounds = 7;
/** Milliseconds a first page may take. */
const firstPage = 50;

export async function benchStore(folder) {
  mkdirSync(folder, { recursive: true });
  const worker = await bundle('bench/storeWorker.ts');
  const binary = 'node-sqlite3-wasm.wasm';
  copyFileSync(join(root, 'node_modules', 'node-sqlite3-wasm', 'dist', binary), join(dirname(worker), binary));
  const file = join(folder, 'train2017-size.sqlite');
  const output = execFileSync(process.execPath, [worker, file, images, labels, rounds].map(String), {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const { bytes, results } = JSON.parse(output);
  const size = `${(bytes / 1e6).toFixed(0)} MB`;
  console.log(`\nA store of ${images.toLocaleString('en')} images and ${labels.toLocaleString('en')} labels, ${size}`);
  for (const { name, limit = firstPage, times } of results) {
    const clock = median(times.map(time => time.milliseconds));
    const processor = median(times.map(time => time.processor));
    const text = `${clock.toFixed(1)} ms, ${processor.toFixed(1)} ms of the processor`;
    console.log(`  ${name.padEnd(72)}${text.padEnd(38)} bound ${limit} ms: ${processor <= limit ? 'met' : 'MISSED'}`);
  }
}
