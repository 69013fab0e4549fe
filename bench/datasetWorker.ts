// What the data set benchmark measures, in a process of its own: `open FILE` or `document FILE`. Prints one JSON line.
import { readFileSync, statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { CocoDocument } from '../src/dataset/coco/cocoDocument';
import type { DatasetImage } from '../src/dataset/dataset';
import { openDataset } from '../src/dataset/openDataset';

/**
 * Time a piece of work takes, by the clock and of the processor, then the longest stretch of it in which no other event
 * had its turn: of the processor too, since on a busy machine the clock measures the others.
 */
async function timed<T>(work: () => Promise<T>) {
  const processor = process.cpuUsage();
  const started = performance.now();
  const value = await work();
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(processor);
  return { value, ms, processorMs: (user + system) / 1000, blockedMs: await longestStretch(work) };
}

async function longestStretch(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let isDone = false;
  let before = process.cpuUsage();
  const turn = () => {
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
    before = process.cpuUsage();
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isDone = true;
  turn();
  return longest;
}

async function openFile(file: string) {
  let peakKilobytes = 0;
  const opened = await timed(async () => {
    const dataset = await openDataset(file);
    peakKilobytes ||= process.resourceUsage().maxRSS;
    return dataset;
  });
  const dataset = opened.value;

  let there = 0;
  const listed = await timed(async () => {
    for await (const image of dataset.images()) there += image.ordinal >= 0 ? 1 : 0;
  });
  // Every hundredth image, wherever its annotations lie in the file.
  const size = { width: 640, height: 480 };
  let labels = 0;
  let asked = 0;
  const read = await timed(async () => {
    [labels, asked] = [0, 0];
    for (let ordinal = 50; ordinal < dataset.imageCount; ordinal += 100) {
      const image: DatasetImage = { file: '', name: '', split: undefined, ...size, ordinal };
      labels += (await dataset.labelsOf(image, size))?.labels.length ?? 0;
      asked++;
    }
  });
  return {
    images: dataset.imageCount,
    bytes: statSync(file).size,
    open: { ms: opened.ms, processorMs: opened.processorMs, blockedMs: opened.blockedMs },
    peakKilobytes,
    list: { there, processorMs: listed.processorMs, blockedMs: listed.blockedMs },
    labels: { processorMs: read.processorMs, blockedMs: read.blockedMs, asked, labels },
  };
}

async function openDocument(file: string) {
  const text = readFileSync(file, 'utf8');
  const opened = await timed(() => CocoDocument.open(text, file));
  const document = opened.value;
  let count = 0;
  const all = await timed(async () => {
    count = 0;
    for await (const batch of document.labels(text)) count += batch.length;
  });
  let slowestMs = 0;
  const keystrokes = 200;
  for (let i = 0; i < keystrokes; i++) {
    const before = process.cpuUsage();
    document.apply([{ offset: 20, length: 0, text: ' ' }]);
    document.labelAt(text, Math.floor((text.length * i) / keystrokes));
    const { user, system } = process.cpuUsage(before);
    slowestMs = Math.max(slowestMs, (user + system) / 1000);
  }
  return {
    bytes: statSync(file).size,
    open: { ms: opened.ms, processorMs: opened.processorMs, blockedMs: opened.blockedMs },
    labels: { processorMs: all.processorMs, blockedMs: all.blockedMs, count },
    keystroke: { slowestMs },
  };
}

const [kind, file = ''] = process.argv.slice(2);
void (kind === 'open' ? openFile(file) : openDocument(file)).then(result => {
  process.stdout.write(`${JSON.stringify(result)}\n`);
});
