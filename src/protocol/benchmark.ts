/** The comparison of runtimes on a user's own model, and its text form. */
import type { ProviderChoice } from '../common/runtimeChoice';
import type { ModelRequest } from './modelRequest';

export interface BenchmarkRequest {
  /** Its `runtime` is what is measured; `auto` is not. */
  readonly model: ModelRequest & { readonly runtime: ProviderChoice };
  /** An image; by default a fixed input of the model's size at 4:3. */
  readonly image?: string;
  readonly maxPixels: number;
}

/** One runtime and provider on one model and input. */
export interface BenchmarkRow {
  readonly choice: ProviderChoice;
  readonly runtime: string;
  readonly provider: string;
  readonly devices: readonly string[];
  readonly result: BenchmarkResult | { readonly failure: string };
}

export interface BenchmarkResult {
  /** From the network to the end of the first forward pass, which compiles and grows buffers. */
  readonly startMilliseconds: number;
  /** Median of `runs` further forward passes. */
  readonly milliseconds: number;
  /** Of the processor's cores together, mean: what a forward pass costs on a machine that does other things too. */
  readonly processorMilliseconds: number;
  readonly runs: number;
  /** Largest absolute differences to ONNX Runtime on the CPU; undefined where that does not run. */
  readonly difference: { readonly logits: number; readonly deltas: number } | undefined;
  /** Peak memory of the process, which runs the reference too, bytes. */
  readonly peakBytes: number;
}

/** What all rows of a report have in common. */
export interface BenchmarkSetting {
  readonly architecture: string;
  readonly classes: number;
  /** Network input, pixels. */
  readonly width: number;
  readonly height: number;
  readonly anchors: number;
  readonly system: string;
}

export interface BenchmarkOutcome {
  readonly setting: BenchmarkSetting;
  readonly row: BenchmarkRow;
}

/** A Markdown document to copy into a bug report. It names no file of the user's. */
export function benchmarkMarkdown(setting: BenchmarkSetting | undefined, rows: readonly BenchmarkRow[]): string {
  const cells = rows.map(({ runtime, provider, devices, result }) => {
    const name = `${runtime}, ${provider}`;
    const device = devices.join('; ');
    if ('failure' in result) return [name, device, '', '', '', '', '', '', result.failure];
    const { milliseconds, processorMilliseconds, startMilliseconds, difference, peakBytes, runs } = result;
    return [
      name,
      device,
      milliseconds.toFixed(milliseconds < 100 ? 1 : 0),
      processorMilliseconds.toFixed(processorMilliseconds < 100 ? 1 : 0),
      startMilliseconds.toFixed(0),
      difference?.logits.toExponential(1) ?? '',
      difference?.deltas.toExponential(1) ?? '',
      (peakBytes / 2 ** 20).toFixed(0),
      `${runs} runs`,
    ];
  });
  const titles = [
    'runtime, provider',
    'device',
    'ms per image',
    'processor ms',
    'start ms',
    'logits',
    'deltas',
    'peak MB',
    '',
  ];
  const lines = [titles, titles.map(() => '---'), ...cells].map(row => `| ${row.map(cell).join(' | ')} |`);
  return `${[...describe(setting), ...lines].join('\n')}\n`;
}

function describe(setting: BenchmarkSetting | undefined): string[] {
  if (setting === undefined) return [];
  const { architecture, classes, width, height, anchors, system } = setting;
  return [
    '# Focal Lens runtimes',
    '',
    `${cell(architecture)}, ${classes} class columns; input ${width} x ${height} pixels, ${anchors} anchors; ${cell(system)}.`,
    '',
    'Time is that of the forward pass: median by the clock, mean of the processor. Start is until the first one is done; logits and deltas are the largest absolute differences to ONNX Runtime on the CPU.',
    '',
  ];
}

/** Text from drivers and models as one table cell. */
function cell(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\|<>`]/g, '\\$&')
    .trim();
}
