// The engine's analysis for timing: one thread; per line on standard input analyses scene.png once and prints
// its milliseconds by the clock and of processor time, losses and the process's peak memory.
import { createInterface } from 'node:readline';
import { runtimeChoices } from '../src/common/runtimeChoice';
import { Analyzer } from '../src/engine/analyzer';

const [kind, folder, choice = 'cpu'] = process.argv.slice(2);
const runtime = runtimeChoices.find(known => known === choice) ?? 'cpu';
const analyzer = new Analyzer({ threads: 1 });

async function serve(): Promise<void> {
  process.stdout.write('ready\n');
  const requests = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  while (!(await requests.next()).done) {
    const before = process.cpuUsage();
    const { analysis } = await analyzer.analyzeImage({
      model: { checkpoint: `${folder}/${kind}.pth`, runtime },
      image: `${folder}/scene.png`,
      labels: `${folder}/scene.xml`,
      bands: { easy: 0.9, hard: 0.5 },
      maxPixels: 1e8,
    });
    const { milliseconds, loss } = analysis;
    const { user, system } = process.cpuUsage(before);
    const peakKilobytes = process.resourceUsage().maxRSS;
    process.stdout.write(
      `${JSON.stringify({ milliseconds, processor: (user + system) / 1000, loss, peakKilobytes })}\n`,
    );
  }
}

void serve();
