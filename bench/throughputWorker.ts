// A run over a data set in turn with the bare forward pass on the same images, in one process and the same session:
// MODEL DATASET THREADS ROUNDS LIMIT. Prints one JSON line.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataset } from '../src/dataset/openDataset';
import { Analyzer } from '../src/engine/analyzer';
import { runDataset } from '../src/engine/dataset/datasetRun';
import { decodeAndPrepare, readImage } from '../src/engine/imageSteps';
import type { LoadedModel } from '../src/engine/modelStore';
import { inThreads } from '../src/engine/threads/inThreads';
import type { PreparedImage } from '../src/model/types';

const [checkpoint = '', dataset = '', threads = '', rounds = '3', limit = '60'] = process.argv.slice(2);
const maxPixels = 1e8;
const model = { checkpoint, runtime: 'cpu' as const };
/** Passes handed over before the first of them is done, so that none waits for this thread. */
const ahead = 2;

/** Time by the clock and of the processor, milliseconds. */
async function timed(work: () => Promise<void>) {
  const processor = process.cpuUsage();
  const started = performance.now();
  await work();
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(processor);
  return { ms, processorMs: (user + system) / 1000 };
}

async function preparedImages({ config }: LoadedModel): Promise<PreparedImage[]> {
  const prepared: PreparedImage[] = [];
  for await (const { file } of (await openDataset(dataset)).images()) {
    if (prepared.length >= Number(limit)) break;
    prepared.push((await decodeAndPrepare(await readImage(file, maxPixels), maxPixels, config)).prepared);
  }
  return prepared;
}

async function bareForward({ session }: LoadedModel, images: readonly PreparedImage[]): Promise<void> {
  const passes: Promise<unknown>[] = [];
  for (const { data, paddedHeight, paddedWidth } of images) {
    passes.push(session.run(data, paddedHeight, paddedWidth));
    if (passes.length >= ahead) await passes.shift();
  }
  await Promise.all(passes);
}

async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'focal-lens-bench-'));
  const analyzer = new Analyzer(inThreads(threads));
  try {
    const loaded = await analyzer.loadedModel(model);
    const images = await preparedImages(loaded);
    const whole = async (name: string) => {
      const store = join(folder, `${name}.sqlite`);
      const bands = { easy: 0.9, hard: 0.5 };
      const request = { model, dataset, store, resume: false, limit: images.length, bands, maxPixels };
      const { computed } = await runDataset(analyzer, request);
      if (computed !== images.length) throw new Error(`${computed} of ${images.length} images were computed`);
    };
    // Code is compiled and memory taken before anything is timed.
    await whole('first');
    await bareForward(loaded, images);
    const rows = [];
    for (let round = 0; round < Number(rounds); round++) {
      const bare = await timed(() => bareForward(loaded, images));
      rows.push({ bare, run: await timed(() => whole(String(round))) });
    }
    return { images: images.length, rows };
  } finally {
    await analyzer.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

void measure().then(result => {
  process.stdout.write(`${JSON.stringify(result)}\n`);
});
