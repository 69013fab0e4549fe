// Desktop VS Code: downloaded once into the cache by @vscode/test-electron.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { downloadAndUnzipVSCode, SilentReporter } from '@vscode/test-electron';
import { debianEnvironment } from '../setup.mjs';
import { cacheFolder } from './codeServer.mjs';
import { startGroup, within } from './processes.mjs';

/** For a display where there is none. Chromium, which the tests install first, brings the libraries they share. */
const displayPackages = ['xvfb', 'xauth', 'libxkbfile1'];

/**
 * The newest stable VS Code, from the cache if the download fails.
 *
 * @returns `executable` and the command that gives it a display, or the `reason` why there is none
 */
export async function desktopVsCode() {
  const cachePath = join(cacheFolder, 'desktop');
  mkdirSync(cachePath, { recursive: true });
  let executable;
  try {
    executable = await downloadAndUnzipVSCode({ cachePath, timeout: 10_000, reporter: new SilentReporter() });
  } catch (error) {
    return { reason: `its download failed (${error instanceof Error ? error.message : error})` };
  }
  const display = displayCommand() ?? (installDisplay() ? displayCommand() : undefined);
  return display === undefined ? { reason: 'neither a display nor xvfb-run' } : { executable, display };
}

/** Whether Debian's packages could be installed. code-server goes without: failing here is no failure of the tests. */
function installDisplay() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  console.error(`Installing from Debian: ${displayPackages.join(', ')} ...`);
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: debianEnvironment,
  };
  const commands = [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...displayPackages],
  ];
  return commands.every(args => spawnSync('apt-get', args, options).status === 0);
}

function displayCommand() {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return [];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const xvfb = folders.map(folder => join(folder, 'xvfb-run')).find(file => existsSync(file));
  return xvfb === undefined ? undefined : [xvfb, '--auto-servernum'];
}

/** @returns the exit code, or a sentence saying what went wrong */
export async function runInDesktop({ executable, display }, job) {
  const data = join(job.folder, 'desktop');
  const [command, ...arguments_] = [
    ...display,
    executable,
    job.workspace,
    `--extensionDevelopmentPath=${job.extension}`,
    `--extensionTestsPath=${job.tests}`,
    `--user-data-dir=${join(data, 'user')}`,
    `--extensions-dir=${join(data, 'extensions')}`,
    '--disable-workspace-trust',
    '--disable-updates',
    '--disable-telemetry',
    '--skip-welcome',
    '--skip-release-notes',
    '--no-cached-data',
    '--disable-gpu',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  const group = startGroup(command, arguments_, {
    stdio: process.env.FOCAL_LENS_VERBOSE ? 'inherit' : 'ignore',
    env: { ...process.env, ...job.environment },
  });
  const outcome = await within(group.exited, job.limit);
  await group.stop();
  if (outcome === undefined) return `no result within ${job.limit / 1000} s`;
  return outcome.error ? outcome.error.message : (outcome.code ?? `signal ${outcome.signal}`);
}
