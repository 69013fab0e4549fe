import { parseArgs } from 'node:util';

/** Labelled images and a model that never saw them. */
export interface LabelledSource {
  readonly name: string;
  readonly dataset: string;
  readonly split: string | undefined;
  /** First image, and the one after the last, of those the data set or split lists; all where left out. */
  readonly range: readonly [number, number] | undefined;
  readonly model: string;
}

export interface BenchOptions {
  readonly command: (typeof commands)[number];
  /** Empty for a report of what there is. */
  readonly sources: readonly LabelledSource[];
  readonly seeds: readonly number[];
  /** File that `plant` writes; otherwise empty. */
  readonly out: string;
}

const commands = ['report', 'fit', 'plant'] as const;

const usage =
  'usage: npm run bench:labels -- [report | fit] [--source NAME=DATASET[#SPLIT][@FROM-TO],MODEL]... [--seeds 1,2]\n' +
  '       npm run bench:labels -- plant --source NAME=DATASET[#SPLIT][@FROM-TO],MODEL --seeds 1 --out LABELS.json\n' +
  '  DATASET is what analyze-dataset takes; MODEL must not have been trained on the split.';

/**
 * @param args of the command line
 * @throws Error with the usage for anything else
 */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { source: { type: 'string', multiple: true }, seeds: { type: 'string' }, out: { type: 'string' } },
  });
  const [word = 'report', ...rest] = positionals;
  const command = commands.find(name => name === word);
  const sources = values.source?.map(readSource) ?? [];
  const { out = '' } = values;
  const seeds = (values.seeds ?? (command === 'fit' ? '101,102,103,104' : '1,2,3,4,5')).split(',').map(Number);
  if (command === undefined || rest.length > 0 || !seeds.every(Number.isInteger)) throw new Error(usage);
  if (command !== 'report' && sources.length === 0) throw new Error(usage);
  if ((command === 'plant') !== (out !== '')) throw new Error(usage);
  return { command, sources, seeds, out };
}

function readSource(text: string): LabelledSource {
  const match =
    /^(?<name>[^=]+)=(?<dataset>[^#@]+?)(?:#(?<split>[^,@]+))?(?:@(?<from>\d+)-(?<to>\d+))?,(?<model>[^,]+)$/.exec(
      text,
    );
  const { name, dataset, split, from, to, model } = match?.groups ?? {};
  if (match === null) throw new Error(usage);
  return { name, dataset, split, range: from === undefined ? undefined : [Number(from), Number(to)], model };
}
