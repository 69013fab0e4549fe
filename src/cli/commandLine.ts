import { messageOf, UserError } from '../common/errors';
import { version } from '../../package.json';
import { Analyzer } from '../engine/analyzer';
import { analyzeCommand } from './analyzeCommand';
import { parseArguments } from './arguments';
import { convertCommand } from './convertCommand';
import { helpText } from './help';
import { printable, type Terminal } from './terminal';
import { exitStatus, UsageError } from './usage';

/**
 * Runs the command line.
 *
 * @param argv without the program
 * @param assets folder with the webview app's bundle
 * @returns the exit status: 0 done, 1 failed, 2 wrong usage
 */
export async function runCommandLine(argv: readonly string[], terminal: Terminal, assets: string): Promise<number> {
  try {
    if (argv[0] === 'convert') {
      await convertCommand(argv.slice(1), terminal);
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
      case 'analyze': {
        const analyzer = new Analyzer();
        try {
          await analyzeCommand(command.arguments, analyzer, terminal, assets);
        } finally {
          await analyzer.dispose();
        }
        break;
      }
    }
    return exitStatus.done;
  } catch (error) {
    return reportError(error, terminal);
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
