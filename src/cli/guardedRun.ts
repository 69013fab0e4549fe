/** A driver may take the process down that it is loaded into: the work is done in one of its own, and goes on without. */
import { fork } from 'node:child_process';
import type { ProviderChoice } from '../common/runtimeChoice';
import { mayHaveGpu } from '../model/runtime/gpuDevices';
import { crashedProvider, endingWords, type ProcessEnding, type ProviderPhase } from '../protocol/providerPhase';
import { parseArguments } from './arguments';
import type { Terminal } from './terminal';
import { exitStatus } from './usage';

/** In the environment of the process that does the work: the providers that it is to do without. */
const variable = 'FOCAL_LENS_CRASHED';

/** What the process that does the work knows of the one that watches it. */
export interface Guard {
  readonly crashed: readonly ProviderChoice[];
  /** Resolved once it is told. */
  readonly onProvider: (phase: ProviderPhase) => Promise<void>;
}

/** The environment of a process that works for this one, and is to do without some providers. */
export function workEnvironment(without: readonly ProviderChoice[] = []): NodeJS.ProcessEnv {
  return { ...process.env, [variable]: without.join() };
}

/** Whether this process works for another one: it starts none of its own. */
export function isAtWork(env: NodeJS.ProcessEnv): boolean {
  return env[variable] !== undefined;
}

/** Undefined in a process that nobody watches. It ends with the one that does. */
export function guardOf(env: NodeJS.ProcessEnv): Guard | undefined {
  const value = env[variable];
  if (value === undefined || process.send === undefined) return undefined;
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel?.unref();
  return {
    crashed: value.split(',').filter(Boolean) as ProviderChoice[],
    onProvider: phase => new Promise(done => process.send?.(phase, undefined, undefined, () => done())),
  };
}

/** Whether a command line uses a provider that may take its process down. Wrong usage does not. */
export function needsGuard(argv: readonly string[], hasGpu: () => boolean = mayHaveGpu): boolean {
  try {
    const command = parseArguments(argv);
    if (command.kind !== 'analyze' && command.kind !== 'analyze-dataset') return false;
    const { runtime } = command.arguments;
    return runtime === 'tensorflow' || (runtime !== 'cpu' && runtime !== 'wasm' && hasGpu());
  } catch {
    return false;
  }
}

/**
 * Runs a command line in a process of its own: again without the provider that took it down where the runtime `auto`
 * chose that one. Says so in one line each time.
 *
 * @param program this program's file
 * @returns the exit status
 */
export async function guardedRun(program: string, argv: readonly string[], terminal: Terminal): Promise<number> {
  const without: ProviderChoice[] = [];
  for (;;) {
    const { phase, ...ending } = await runOnce(program, argv, without);
    const crashed = crashedProvider(phase, ending, Object.values(exitStatus));
    if (crashed === undefined) return passOn(ending, terminal);
    const said = `focal-lens: ${crashed.provider} took its process down (${endingWords(ending)})`;
    if (!crashed.automatic) {
      terminal.err(`${said}; leave --runtime out, or choose cpu\n`);
      return exitStatus.failed;
    }
    terminal.err(`${said}: going on without it\n`);
    without.push(crashed.choice);
  }
}

async function runOnce(
  program: string,
  argv: readonly string[],
  without: readonly ProviderChoice[],
): Promise<ProcessEnding & { readonly phase: ProviderPhase | undefined }> {
  const child = fork(program, argv, {
    env: workEnvironment(without),
    stdio: 'inherit',
    // Ctrl+C goes to all processes of a terminal's group: the child is in one of its own, and gets each signal once.
    detached: process.platform !== 'win32',
  });
  let phase: ProviderPhase | undefined;
  child.on('message', (message: ProviderPhase) => (phase = message));
  const release = forwardSignals(signal => void child.kill(signal));
  try {
    const ending = await new Promise<ProcessEnding>((done, fail) => {
      child.once('error', fail);
      child.once('exit', (code, signal) => done({ code, signal }));
    });
    return { ...ending, phase };
  } finally {
    release();
  }
}

/** Signals that end or stop a program. On Windows a terminal's reach every process by themselves. */
function forwardSignals(send: (signal: NodeJS.Signals) => void): () => void {
  const windows = process.platform === 'win32';
  const ends = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(
    signal => [signal, () => windows || send(signal)] as const,
  );
  const stops = [
    [
      'SIGTSTP',
      () => {
        send('SIGSTOP');
        process.kill(process.pid, 'SIGSTOP');
      },
    ],
    ['SIGCONT', () => send('SIGCONT')],
  ] as const;
  const all = windows ? ends : [...ends, ...stops];
  for (const [signal, listener] of all) process.on(signal, listener);
  return () => all.forEach(([signal, listener]) => process.off(signal, listener));
}

/** Ends as the child did. */
function passOn(ending: ProcessEnding, terminal: Terminal): number {
  const { code, signal } = ending;
  if (signal === null) return code ?? exitStatus.failed;
  // Who interrupted the work is to see this process interrupted.
  if (signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP') process.kill(process.pid, signal);
  else terminal.err(`focal-lens: the process stopped unexpectedly (${endingWords(ending)})\n`);
  return exitStatus.failed;
}
