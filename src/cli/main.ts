/** Entry of `dist/cli.js`. */
import { setTimeout as sleep } from 'node:timers/promises';
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
void run.then(async status => {
  process.exitCode = status;
  await threadsAtRest();
});

/**
 * Node hangs for good where it ends while V8 still compiles in another thread, which may wait for this one
 * (https://github.com/nodejs/node/issues/54918). So it ends only when no thread has work, a second later at most.
 */
async function threadsAtRest(): Promise<void> {
  const [interval, idle] = [20, 2];
  for (let round = 0; round < 50; round++) {
    const before = process.cpuUsage();
    await sleep(interval);
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1000 < idle) return;
  }
}
