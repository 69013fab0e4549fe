import { existsSync } from 'node:fs';
import { fitCalibration } from './fit';
import { readOptions, type LabelledSource } from './options';
import { reportSource } from './report';

/** Reported where they are there: images the models never saw, and, for comparison, images they were trained on. */
const defaultSources: readonly LabelledSource[] = [
  {
    name: 'BCCD test',
    dataset: '../shared/data/bccd',
    split: 'test',
    range: undefined,
    model: '../shared/models/bccd_retinanet_r18.pth',
  },
  {
    name: 'BCCD trainval, which the model was trained on',
    dataset: '../shared/data/bccd',
    split: 'trainval',
    range: undefined,
    model: '../shared/models/bccd_retinanet_r18.pth',
  },
];

async function main(): Promise<void> {
  const present = defaultSources.filter(({ dataset, model }) => existsSync(dataset) && existsSync(model));
  const { command, sources, seeds } = readOptions(process.argv.slice(2), present);
  if (command === 'fit') {
    await fitCalibration(sources, seeds);
    return;
  }
  for (const source of sources) process.stdout.write(`${await reportSource(source, seeds)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
