/** Entry of `dist/cli.js`. */
import { runCommandLine } from './commandLine';
import { processTerminal } from './terminal';

// A reader that has had enough (`| head`) is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const terminal = processTerminal(process.env);
void runCommandLine(process.argv.slice(2), terminal, __dirname, __dirname, __filename).then(status => {
  process.exitCode = status;
});
