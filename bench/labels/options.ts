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
  readonly command: 'report' | 'fit';
  readonly sources: readonly LabelledSource[];
  readonly seeds: readonly number[];
}

const usage =
  'usage: npm run bench:labels -- [report | fit] [--source NAME=DATASET[#SPLIT][@FROM-TO],MODEL]... [--seeds 1,2]\n' +
  '  DATASET is what analyze-dataset takes; MODEL must not have been trained on the split.';

/**
 * @param args of the command line
 * @param defaults sources to report where none are named
 * @throws Error with the usage for anything else
 */
export function readOptions(args: readonly string[], defaults: readonly LabelledSource[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { source: { type: 'string', multiple: true }, seeds: { type: 'string' } },
  });
  const [command = 'report', ...rest] = positionals;
  const sources = values.source?.map(readSource) ?? (command === 'report' ? defaults : []);
  const seeds = (values.seeds ?? (command === 'fit' ? '101,102,103,104' : '1,2,3,4,5')).split(',').map(Number);
  if (rest.length > 0 || sources.length === 0 || !seeds.every(Number.isInteger)) throw new Error(usage);
  if (command !== 'report' && command !== 'fit') throw new Error(usage);
  return { command, sources, seeds };
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
