import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultMaxPixels } from '../common/limits';
import { runtimeChoices, type RuntimeChoice } from '../common/runtimeChoice';
import { UsageError } from './usage';

export interface AnalyzeArguments {
  readonly image: string;
  readonly model: string;
  readonly card: string | undefined;
  readonly labels: string | undefined;
  readonly runtime: RuntimeChoice;
  readonly maxPixels: number;
  readonly json: boolean;
  readonly anchors: string | undefined;
  readonly report: string | undefined;
}

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'analyze'; readonly arguments: AnalyzeArguments };

const options = {
  model: { type: 'string', short: 'm' },
  card: { type: 'string' },
  labels: { type: 'string' },
  runtime: { type: 'string' },
  'max-pixels': { type: 'string' },
  json: { type: 'boolean' },
  anchors: { type: 'string' },
  report: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** @param argv without the program; throws {@link UsageError} on anything not understood */
export function parseArguments(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };

  const [command, image, ...rest] = positionals;
  if (command === undefined) throw new UsageError('no command given');
  if (command !== 'analyze') throw new UsageError(`unknown command "${command}", expected "analyze"`);
  if (image === undefined || image === '') throw new UsageError('analyze needs an IMAGE');
  if (rest.length > 0) throw new UsageError(`analyze takes one IMAGE, found ${rest.length + 1}`);
  if (values.model === undefined) throw new UsageError('analyze needs --model with a checkpoint');
  for (const name of ['model', 'card', 'labels', 'anchors', 'report'] as const) {
    if (values[name] === '') throw new UsageError(`--${name} is empty, expected a path`);
  }
  refuseOverwriting({ image, ...values });
  return {
    kind: 'analyze',
    arguments: {
      image,
      model: values.model,
      card: values.card,
      labels: values.labels,
      runtime: runtimeChoice(values.runtime),
      maxPixels: pixelCount(values['max-pixels']),
      json: values.json ?? false,
      anchors: values.anchors,
      report: values.report,
    },
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's message says what is wrong in its first sentence and digresses in the ones that follow.
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error));
  }
}

function runtimeChoice(value: string | undefined): RuntimeChoice {
  const choice = runtimeChoices.find(known => known === (value ?? 'auto'));
  if (choice === undefined) {
    throw new UsageError(`--runtime is "${value}", expected one of ${runtimeChoices.join(', ')}`);
  }
  return choice;
}

function pixelCount(value: string | undefined): number {
  const count = value === undefined ? defaultMaxPixels : Number(value);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new UsageError(`--max-pixels is "${value}", expected a whole number of pixels, 1 or more`);
  }
  return count;
}

/** An output named like an input or like the other output is a slip. */
function refuseOverwriting(
  paths: Partial<Record<'image' | 'model' | 'card' | 'labels' | 'anchors' | 'report', string | undefined>>,
): void {
  const taken = new Map<string, string>();
  for (const name of ['image', 'model', 'card', 'labels', 'anchors', 'report'] as const) {
    const path = paths[name];
    if (path === undefined) continue;
    const other = taken.get(resolve(path));
    if (other !== undefined && (name === 'anchors' || name === 'report')) {
      throw new UsageError(`--${name} would overwrite the ${other} ${path}`);
    }
    taken.set(resolve(path), name);
  }
}
