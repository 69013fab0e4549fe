// What a fresh checkout needs before anything runs: packages from the npm registry, the bundles in dist/,
// and for tests a few Debian packages. Each step is skipped when its result is already there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');
const stamp = join(root, 'node_modules', '.installed-lock');

/** Runs a command, its output shown; ends the process with its status where it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** `npm ci`, unless node_modules already matches the lock file. */
export function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.error('Installing packages from the npm registry ...');
  // npm's own report goes to standard error, so that standard output stays the program's.
  // Without warnings about the install scripts that are not run on purpose.
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: ['ignore', process.stderr, process.stderr],
  });
  writeFileSync(stamp, lock);
}

export function build(...flags) {
  run(process.execPath, ['esbuild.mjs', '--quiet', ...flags]);
}

/** No questions, and no complaints that there is nobody to ask. */
export const debianEnvironment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', DEBCONF_NOWARNINGS: 'yes' };

/** Installs those Debian packages whose programs or files are missing. Needs root and apt; says so otherwise. */
export function installDebianPackages(packages) {
  const missing = packages.filter(({ file }) => !existsSync(file)).map(({ name }) => name);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.error(
      `Missing: ${missing.join(', ')}. Install them (Debian: apt-get install ${missing.join(' ')}) and run again.`,
    );
    process.exit(1);
  }
  console.error(`Installing from Debian: ${missing.join(', ')} ...`);
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: debianEnvironment,
  };
  run('apt-get', ['update', '-qq'], options);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], options);
}
