import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CancelledError, UserError } from '../../common/errors';

/** A program and the arguments before npm's own. */
export interface Npm {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The user's npm, started without a shell: the script of that name, or on Windows, where it is a batch file, Node with
 * npm's script beside it. Only absolute folders of the PATH are searched: a relative one would be the workspace.
 */
export function findNpm(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  exists: (file: string) => boolean = existsSync,
): Npm | undefined {
  const windows = platform === 'win32';
  const folders = (env.PATH ?? env.Path ?? '').split(windows ? ';' : delimiter);
  for (const folder of folders) {
    if (!(windows ? /^[a-z]:[\\/]/i.test(folder) : folder.startsWith('/'))) continue;
    const command = join(folder, windows ? 'node.exe' : 'npm');
    const script = join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js');
    if (!exists(command)) continue;
    if (!windows) return { command, args: [] };
    if (exists(script)) return { command, args: [script] };
  }
  return undefined;
}

export interface RunNpmOptions {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

/** Lines of output that an error may quote. */
const quoted = 3;

/** Runs npm in `folder`. Throws a UserError with its last words when it fails, CancelledError once `signal` aborts. */
export async function runNpm(
  { command, args }: Npm,
  npmArgs: readonly string[],
  options: RunNpmOptions,
): Promise<void> {
  const { folder, signal, onLine } = options;
  if (signal.aborted) throw new CancelledError();
  // A group of its own: npm starts others, which end with it.
  const group = process.platform !== 'win32';
  const child = spawn(command, [...args, ...npmArgs], {
    cwd: folder,
    detached: group,
    shell: false,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const stop = (): void => {
    if (!group || child.pid === undefined) return void child.kill();
    try {
      process.kill(-child.pid);
    } catch {
      // They have all ended, and only what they started elsewhere still holds the output.
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
    }
  };
  signal.addEventListener('abort', stop, { once: true });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split(/[\r\n]+/).map(part => part.trim().slice(0, 500))) {
        if (line === '') continue;
        lines.push(line);
        if (lines.length > 100) lines.shift();
        onLine(line);
      }
    });
  }
  try {
    const ending = await new Promise<number | string>((done, fail) => {
      child.once('error', fail);
      child.once('close', (code, by) => done(code ?? by ?? 'unknown'));
    });
    if (signal.aborted) throw new CancelledError();
    if (ending !== 0) {
      const errors = lines.filter(line => /error/i.test(line) && !line.includes('A complete log'));
      const words = (errors.length > 0 ? errors : lines).slice(-quoted).join(', ');
      throw new UserError(`npm failed (${ending}): ${words}`, { where: folder });
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
