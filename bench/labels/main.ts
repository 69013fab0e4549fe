import { existsSync } from 'node:fs';
import { fitCalibration } from './fit';
import { harbourScenes } from './harbourScenes';
import { readOptions, type LabelledSource } from './options';
import { reportSource } from './report';
import { writePlanted } from './writePlanted';

const bccd = { dataset: '../shared/data/bccd', model: '../shared/models/bccd_retinanet_r18.pth' };

interface DefaultSource {
  readonly name: string;
  /** Undefined where the data are not at hand. @throws Error where they cannot be made */
  readonly open: () => LabelledSource | undefined;
}

/** Images the models never saw, and, for comparison, images they were trained on. */
const defaultSources: readonly DefaultSource[] = [
  bccdImages('BCCD test', 'test'),
  { name: 'Harbour', open: harbourScenes },
  bccdImages('BCCD trainval, which the model was trained on', 'trainval', [0, 60]),
];

function bccdImages(name: string, split: string, range?: LabelledSource['range']): DefaultSource {
  const isThere = existsSync(bccd.dataset) && existsSync(bccd.model);
  return { name, open: () => (isThere ? { ...bccd, name, split, range } : undefined) };
}

/** One after the other: what one of them lacks does not keep the others from being reported. */
async function report(sources: readonly DefaultSource[], seeds: readonly number[]): Promise<void> {
  for (const { name, open } of sources) {
    try {
      const source = open();
      if (source === undefined) process.stderr.write(`${name}: left out, it is not at hand\n`);
      else process.stdout.write(`${await reportSource(source, seeds)}\n`);
    } catch (error) {
      process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    }
  }
}

async function main(): Promise<void> {
  const { command, sources, seeds, out } = readOptions(process.argv.slice(2));
  switch (command) {
    case 'fit':
      await fitCalibration(sources, seeds);
      break;
    case 'plant':
      await writePlanted(sources[0], seeds[0], out);
      break;
    case 'report':
      await report(
        sources.length === 0 ? defaultSources : sources.map(source => ({ name: source.name, open: () => source })),
        seeds,
      );
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
