import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultMaxPixels } from '../common/limits';
import { runtimeChoices, type ProviderChoice, type RuntimeChoice } from '../common/runtimeChoice';
import { labelFormats, type LabelFormat } from '../dataset/labels';
import { issueKinds, type IssueKind } from '../protocol/analysis';
import { UsageError } from './usage';

/** Which model, and what it is to run on. */
export interface ModelArguments {
  readonly model: string;
  readonly card: string | undefined;
  readonly runtime: RuntimeChoice;
  /** A trusted folder with a native TensorFlow.js in its `node_modules`. */
  readonly tensorFlow: string | undefined;
  /** Providers that took a process down; not among what is typed. */
  readonly crashed?: readonly ProviderChoice[] | undefined;
}

export interface AnalyzeArguments extends ModelArguments {
  readonly image: string;
  readonly labels: string | undefined;
  readonly maxPixels: number;
  readonly json: boolean;
  readonly anchors: string | undefined;
  readonly report: string | undefined;
}

export interface AnalyzeDatasetArguments extends ModelArguments {
  readonly dataset: string;
  /** Of several data sets in one folder, the one of this format. */
  readonly format: LabelFormat | undefined;
  readonly store: string | undefined;
  readonly resume: boolean;
  readonly limit: number | undefined;
  readonly report: string | undefined;
  readonly maxPixels: number;
  readonly json: boolean;
}

export interface IssuesArguments {
  readonly store: string;
  readonly kind: IssueKind | undefined;
  readonly limit: number | undefined;
  readonly json: boolean;
}

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'analyze'; readonly arguments: AnalyzeArguments }
  | { readonly kind: 'analyze-dataset'; readonly arguments: AnalyzeDatasetArguments }
  | { readonly kind: 'issues'; readonly arguments: IssuesArguments };

const options = {
  model: { type: 'string', short: 'm' },
  card: { type: 'string' },
  labels: { type: 'string' },
  runtime: { type: 'string' },
  tensorflow: { type: 'string' },
  'max-pixels': { type: 'string' },
  json: { type: 'boolean' },
  anchors: { type: 'string' },
  report: { type: 'string' },
  store: { type: 'string' },
  resume: { type: 'boolean' },
  limit: { type: 'string' },
  kind: { type: 'string' },
  format: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

type OptionName = keyof typeof options;

/** Which options belong to which command. */
const commandOptions = {
  analyze: ['model', 'card', 'labels', 'runtime', 'tensorflow', 'max-pixels', 'json', 'anchors', 'report'],
  'analyze-dataset': [
    'model',
    'card',
    'format',
    'store',
    'resume',
    'limit',
    'report',
    'runtime',
    'tensorflow',
    'max-pixels',
    'json',
  ],
  issues: ['json', 'kind', 'limit'],
} as const satisfies Record<string, readonly OptionName[]>;
type CommandName = keyof typeof commandOptions;

const operands = { analyze: 'IMAGE', 'analyze-dataset': 'PATH', issues: 'STORE' } as const;

/** Paths among the options. */
const pathOptions = ['model', 'card', 'labels', 'tensorflow', 'anchors', 'report', 'store'] as const;

/** @param argv without the program; throws {@link UsageError} on anything not understood */
export function parseArguments(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };

  const [command, operand, ...rest] = positionals;
  if (command === undefined) throw new UsageError('no command given');
  if (!isCommand(command)) {
    const known = [...Object.keys(commandOptions), 'convert', 'bench'].map(name => `"${name}"`).join(', ');
    throw new UsageError(`unknown command "${command}", expected one of ${known}`);
  }
  const noun = operands[command];
  if (operand === undefined || operand === '') throw new UsageError(`${command} needs ${article(noun)} ${noun}`);
  if (rest.length > 0) throw new UsageError(`${command} takes one ${noun}, found ${rest.length + 1}`);
  const allowed: readonly string[] = commandOptions[command];
  for (const name of Object.keys(values)) {
    if (!allowed.includes(name)) throw new UsageError(`${command} has no option --${name}`);
  }
  for (const name of pathOptions) {
    if (values[name] === '') throw new UsageError(`--${name} is empty, expected a path`);
  }
  const json = values.json ?? false;
  if (command === 'issues') {
    const { kind, limit } = values;
    return { kind: command, arguments: { store: operand, kind: issueKind(kind), limit: count('limit', limit), json } };
  }

  if (values.model === undefined) throw new UsageError(`${command} needs --model with a checkpoint`);
  const common = {
    model: values.model,
    card: values.card,
    runtime: runtimeChoice(values.runtime),
    tensorFlow: values.tensorflow,
    maxPixels: count('max-pixels', values['max-pixels']) ?? defaultMaxPixels,
    json,
  };
  if (command === 'analyze') {
    const { labels, anchors, report } = values;
    refuseOverwriting({ image: operand, ...values });
    return { kind: command, arguments: { ...common, image: operand, labels, anchors, report } };
  }
  const { store, resume = false, limit, report } = values;
  refuseOverwriting({ dataset: operand, ...values });
  const format = labelFormat(values.format);
  const own = { dataset: operand, format, store, resume, limit: count('limit', limit), report };
  return { kind: command, arguments: { ...common, ...own } };
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commandOptions, name);
}

function article(noun: string): string {
  return /^[AEIOU]/.test(noun) ? 'an' : 'a';
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

function labelFormat(value: string | undefined): LabelFormat | undefined {
  if (value === undefined) return undefined;
  const format = labelFormats.find(known => known === value);
  if (format === undefined) throw new UsageError(`--format is "${value}", expected one of ${labelFormats.join(', ')}`);
  return format;
}

function issueKind(value: string | undefined): IssueKind | undefined {
  if (value === undefined) return undefined;
  const kind = issueKinds.find(known => known === value);
  if (kind === undefined) throw new UsageError(`--kind is "${value}", expected one of ${issueKinds.join(', ')}`);
  return kind;
}

function count(name: 'max-pixels' | 'limit', value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) {
    const unit = name === 'limit' ? '' : ' of pixels';
    throw new UsageError(`--${name} is "${value}", expected a whole number${unit}, 1 or more`);
  }
  return number;
}

const inputs = ['image', 'dataset', 'model', 'card', 'labels'] as const;
const outputs = ['anchors', 'report', 'store'] as const;

/** An output named like an input or like the other output is a slip. */
function refuseOverwriting(
  paths: Partial<Record<(typeof inputs)[number] | (typeof outputs)[number], string | undefined>>,
): void {
  const taken = new Map<string, string>();
  for (const name of [...inputs, ...outputs]) {
    const path = paths[name];
    if (path === undefined) continue;
    const other = taken.get(resolve(path));
    if (other !== undefined && outputs.some(output => output === name)) {
      throw new UsageError(`--${name} would overwrite the ${other} ${path}`);
    }
    taken.set(resolve(path), name);
  }
}
