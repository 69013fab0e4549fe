import { messageOf, UserError } from '../common/errors';
import { version } from '../../package.json';
import { Analyzer, type AnalyzerOptions } from '../engine/analyzer';
import { DatasetDesk } from '../engine/dataset/datasetDesk';
import { inThreads } from '../engine/threads/inThreads';
import { analyzeCommand } from './analyzeCommand';
import { analyzeDatasetCommand } from './analyzeDatasetCommand';
import { parseArguments } from './arguments';
import { benchCommand } from './benchCommand';
import { convertCommand } from './convertCommand';
import type { Guard } from './guardedRun';
import { helpText } from './help';
import { issuesCommand } from './issuesCommand';
import { printable, type Terminal } from './terminal';
import { exitStatus, UsageError } from './usage';

export interface CommandLineOptions {
  /** Folder with the bundles of threads; without it runs over data sets do everything on this thread. */
  readonly threads?: string;
  /** This program's file, of which measurements start processes of their own. */
  readonly program?: string;
  /** Of the process that watches this one. */
  readonly guard?: Guard | undefined;
}

/**
 * Runs the command line.
 *
 * @param argv without the program
 * @param assets folder with the webview app's bundle
 * @returns the exit status: 0 done, 1 failed, 2 wrong usage
 */
export async function runCommandLine(
  argv: readonly string[],
  terminal: Terminal,
  assets: string,
  { threads, program, guard }: CommandLineOptions = {},
): Promise<number> {
  const watched = guard === undefined ? {} : { onProvider: guard.onProvider };
  const crashed = guard?.crashed;
  try {
    if (argv[0] === 'convert') {
      await convertCommand(argv.slice(1), terminal);
      return exitStatus.done;
    }
    if (argv[0] === 'bench') {
      await benchCommand(argv.slice(1), terminal, program);
      return exitStatus.done;
    }
    const command = parseArguments(argv);
    switch (command.kind) {
      case 'help':
        terminal.out(helpText);
        break;
      case 'version':
        terminal.out(`${version}\n`);
        break;
      case 'analyze':
        await withAnalyzer(watched, analyzer =>
          analyzeCommand({ ...command.arguments, crashed }, analyzer, terminal, assets),
        );
        break;
      case 'analyze-dataset':
        // The network runs while other images are prepared, analysed and stored.
        await withAnalyzer({ ...watched, ...(threads === undefined ? {} : inThreads(threads)) }, analyzer =>
          analyzeDatasetCommand({ ...command.arguments, crashed }, analyzer, terminal, assets),
        );
        break;
      case 'issues':
        await withAnalyzer({}, analyzer => issuesCommand(command.arguments, new DatasetDesk(analyzer), terminal));
        break;
      default:
        command satisfies never;
    }
    return exitStatus.done;
  } catch (error) {
    return reportError(error, terminal);
  }
}

async function withAnalyzer(options: AnalyzerOptions, task: (analyzer: Analyzer) => Promise<void>): Promise<void> {
  const analyzer = new Analyzer(options);
  try {
    await task(analyzer);
  } finally {
    await analyzer.dispose();
  }
}

function reportError(error: unknown, terminal: Terminal): number {
  if (error instanceof UsageError) {
    terminal.err(`focal-lens: ${printable(error.message)}; see focal-lens --help\n`);
    return exitStatus.usage;
  }
  const kind = error instanceof UserError ? '' : 'internal error: ';
  terminal.err(`focal-lens: ${kind}${printable(messageOf(error))}\n`);
  return exitStatus.failed;
}
