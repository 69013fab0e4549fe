import { existsSync } from 'node:fs';
import { fitCalibration } from './fit';
import { harbourScenes } from './harbourScenes';
import { readOptions, type LabelledSource } from './options';
import { reportSource } from './report';
import { writePlanted } from './writePlanted';

const bccd = { dataset: '../shared/data/bccd', model: '../shared/models/bccd_retinanet_r18.pth' };

/** Reported where they are there: images the models never saw, and, for comparison, images they were trained on. */
function defaultSources(): readonly LabelledSource[] {
  const sources: readonly LabelledSource[] = [
    { ...bccd, name: 'BCCD test', split: 'test', range: undefined },
    harbourScenes(),
    { ...bccd, name: 'BCCD trainval, which the model was trained on', split: 'trainval', range: [0, 100] },
  ];
  return sources.filter(({ dataset, model }) => existsSync(dataset) && existsSync(model));
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
      for (const source of sources.length > 0 ? sources : defaultSources()) {
        process.stdout.write(`${await reportSource(source, seeds)}\n`);
      }
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
