// The engine's analysis for timing: one thread; per line on standard input analyses scene.png once and prints
// its milliseconds, losses and the process's peak memory.
import { createInterface } from 'node:readline';
import { Analyzer } from '../src/engine/analyzer';

const [kind, folder] = process.argv.slice(2);
const analyzer = new Analyzer({ threads: 1 });

async function serve(): Promise<void> {
  process.stdout.write('ready\n');
  const requests = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  while (!(await requests.next()).done) {
    const { analysis } = await analyzer.analyzeImage({
      model: { checkpoint: `${folder}/${kind}.pth`, runtime: 'cpu' },
      image: `${folder}/scene.png`,
      labels: `${folder}/scene.xml`,
      bands: { easy: 0.9, hard: 0.5 },
      maxPixels: 1e8,
    });
    const { milliseconds, loss } = analysis;
    process.stdout.write(`${JSON.stringify({ milliseconds, loss, peakKilobytes: process.resourceUsage().maxRSS })}\n`);
  }
}

void serve();
