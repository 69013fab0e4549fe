/** Entry of `dist/cli.js`. */
import { runCommandLine } from './commandLine';
import { guardedRun, guardOf, isAtWork, needsGuard } from './guardedRun';
import { processTerminal } from './terminal';

// A reader that has had enough (`| head`) is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const terminal = processTerminal(process.env);
const argv = process.argv.slice(2);
const work = isAtWork(process.env) ? { guard: guardOf(process.env) } : { program: __filename };
const run =
  'program' in work && needsGuard(argv)
    ? guardedRun(__filename, argv, terminal)
    : runCommandLine(argv, terminal, __dirname, { threads: __dirname, ...work });
void run.then(status => {
  process.exitCode = status;
});
