import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { UserError } from '../common/errors';
import { defaultMaxPixels } from '../common/limits';
import { runtimeChoices, type ProviderChoice } from '../common/runtimeChoice';
import { benchmarkRuntime } from '../engine/benchmark/benchmarkRuntime';
import {
  benchmarkMarkdown,
  type BenchmarkOutcome,
  type BenchmarkRow,
  type BenchmarkSetting,
} from '../protocol/benchmark';
import { workEnvironment } from './guardedRun';
import { printable, type Terminal } from './terminal';
import { UsageError } from './usage';

const measured = runtimeChoices.filter(choice => choice !== 'auto');

export const benchHelp = `Usage: focal-lens bench --model WEIGHTS [options]

Measures every runtime and provider of this machine on a model: time per image, and agreement with ONNX Runtime on the
CPU. Each runs in a process of its own. Prints a Markdown table to copy into a bug report.

  --model, -m WEIGHTS    checkpoint: .pth, .pt or .safetensors
  --card CARD            model card (JSON); by default the .json file beside the checkpoint
  --image IMAGE          the input; by default a fixed one of the model's size at 4:3
  --runtime RUNTIME      only this one: ${measured.join(', ')}
  --tensorflow FOLDER    a folder that you trust, with @tensorflow/tfjs-node or -gpu in its node_modules
  --max-pixels N         refuse images with more pixels (default: ${defaultMaxPixels})
  --json                 print one JSON document and nothing else
`;

interface BenchArguments {
  readonly model: string;
  readonly card: string | undefined;
  readonly image: string | undefined;
  readonly runtime: ProviderChoice | undefined;
  readonly tensorFlow: string | undefined;
  readonly maxPixels: number;
  readonly json: boolean;
}

const options = {
  model: { type: 'string', short: 'm' },
  card: { type: 'string' },
  image: { type: 'string' },
  runtime: { type: 'string' },
  tensorflow: { type: 'string' },
  'max-pixels': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * @param argv what follows `bench`
 * @param program this program's file, to start a process per runtime; without it they run in this one
 */
export async function benchCommand(argv: readonly string[], terminal: Terminal, program?: string): Promise<void> {
  const args = parseBenchArguments(argv);
  if (args === undefined) {
    terminal.out(benchHelp);
    return;
  }
  const outcomes: BenchmarkOutcome[] = [];
  const failures: BenchmarkRow[] = [];
  for (const choice of args.runtime === undefined ? measured : [args.runtime]) {
    if (terminal.progress) terminal.err(`\r\u001b[2Kmeasuring ${choice} ...`);
    const found =
      program === undefined ? await benchmark(args, choice, terminal) : await inProcess(program, argv, choice);
    if (found !== undefined && 'row' in found) outcomes.push(found);
    else if (found !== undefined) failures.push(found);
  }
  if (terminal.progress) terminal.err('\r\u001b[2K');
  if (outcomes.length === 0 && failures.length === 0) {
    throw new UserError(`${args.runtime} does not exist on this platform`, { remedy: 'leave --runtime out' });
  }
  const [crash] = failures;
  if (args.runtime !== undefined && crash !== undefined && 'failure' in crash.result) {
    throw new UserError(`${args.runtime} does not run: ${crash.result.failure}`, { remedy: 'leave --runtime out' });
  }
  const rows = [...outcomes.map(({ row }) => row), ...failures];
  const setting = settingOf(outcomes);
  const document = { ...setting, rows };
  terminal.out(args.json ? `${JSON.stringify(document, null, 2)}\n` : benchmarkMarkdown(setting, rows));
}

/** That of a runtime that ran: the others know no number of anchors. */
function settingOf(outcomes: readonly BenchmarkOutcome[]): BenchmarkSetting | undefined {
  return (outcomes.find(({ setting }) => setting.anchors > 0) ?? outcomes[0])?.setting;
}

function benchmark(args: BenchArguments, runtime: ProviderChoice, terminal: Terminal) {
  const { model, card, image, tensorFlow, maxPixels } = args;
  const request = {
    model: {
      checkpoint: model,
      runtime,
      ...(card === undefined ? {} : { card }),
      ...(tensorFlow === undefined ? {} : { tensorFlowFolders: [tensorFlow] }),
    },
    ...(image === undefined ? {} : { image }),
    maxPixels,
  };
  const log = terminal.progress ? (message: string) => terminal.err(`\r\u001b[2K${printable(message)} ...`) : undefined;
  return benchmarkRuntime(request, { log });
}

/** This program for one runtime; a crash is a row of the table. */
async function inProcess(
  program: string,
  argv: readonly string[],
  choice: ProviderChoice,
): Promise<BenchmarkOutcome | BenchmarkRow | undefined> {
  const args = [program, 'bench', ...argv.filter(value => value !== '--json'), '--json', '--runtime', choice];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: workEnvironment() });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ending = await new Promise<number | string>((done, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => done(code ?? signal ?? 'unknown'));
  });
  if (ending === 0) {
    const { rows, ...setting } = JSON.parse(out) as BenchmarkSetting & { rows: BenchmarkRow[] };
    return rows[0] && { setting, row: rows[0] };
  }
  const message = err.trim().split('\n').at(-1) ?? '';
  if (message.endsWith('does not exist on this platform; leave --runtime out')) return undefined;
  // Bad input is the same for every runtime.
  if (message.startsWith('focal-lens: ')) throw new UserError(message.slice('focal-lens: '.length));
  const failure = `its process stopped (${typeof ending === 'number' ? `exit code ${ending}` : ending})`;
  return { choice, runtime: '', provider: choice, devices: [], result: { failure } };
}

function parseBenchArguments(argv: readonly string[]): BenchArguments | undefined {
  const { values, positionals } = parse(argv);
  if (values.help) return undefined;
  if (positionals.length > 0) throw new UsageError(`bench takes options only, found "${positionals[0]}"`);
  for (const name of ['model', 'card', 'image', 'tensorflow'] as const) {
    if (values[name] === '') throw new UsageError(`--${name} is empty, expected a path`);
  }
  if (values.model === undefined) throw new UsageError('bench needs --model with a checkpoint');
  const runtime = measured.find(choice => choice === values.runtime);
  if (values.runtime !== undefined && runtime === undefined) {
    throw new UsageError(`--runtime is "${values.runtime}", expected one of ${measured.join(', ')}`);
  }
  const maxPixels = Number(values['max-pixels'] ?? defaultMaxPixels);
  if (!Number.isSafeInteger(maxPixels) || maxPixels < 1) {
    throw new UsageError(`--max-pixels is "${values['max-pixels']}", expected a whole number of pixels, 1 or more`);
  }
  const { model, card, image, tensorflow: tensorFlow, json = false } = values;
  return { model, card, image, runtime, tensorFlow, maxPixels, json };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error));
  }
}
