// npm test: everything that can be tested here, from an empty checkout. Installs what is missing, then lint and
// types, unit and browser tests (vitest), the suite inside a real VS Code, the README's first command, this platform's
// package and the universal one, and what a person does with them installed. The last line counts the tests; those that
// failed are named right before it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, installDebianPackages, installPackages, root, run } from './setup.mjs';
import { closingLines, commandOutcome, suiteOutcome, vitestOutcome } from './testOutcomes.mjs';

const results = join(root, 'out', 'results');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

installPackages();
installDebianPackages([{ name: 'chromium', file: '/usr/bin/chromium' }]);
build();
run('npm', ['run', '--silent', 'lint']);
if (!existsSync(join(root, '..', 'shared'))) {
  console.log('No ../shared beside the checkout: the tests on its data set and checkpoint are skipped.');
}

/** Runs one suite, which writes a JSON summary of its own kind. */
function suite(name, command, args, outcomeOf) {
  const file = join(results, `${name}.json`);
  const { status } = spawnSync(command, [...args, file], { cwd: root, stdio: 'inherit' });
  const told = existsSync(file) ? outcomeOf(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
  return suiteOutcome(name, status, told);
}

/** A command that counts as one test. No window is opened for it. */
function command(name, args) {
  const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' };
  const { status } = spawnSync(name, args, { cwd: root, stdio: 'inherit', env });
  return commandOutcome([name === process.execPath ? 'node' : name, ...args].join(' '), status);
}

const outcomes = [
  suite('unit', 'npx', ['vitest', 'run', '--reporter=default', '--reporter=json', '--outputFile.json'], vitestOutcome),
  suite('vscode', process.execPath, ['scripts/vscode/run.mjs', '--summary'], summary => summary),
  command('npm', ['start']),
  command(process.execPath, ['scripts/package.mjs', 'host', 'universal']),
  suite('e2e', process.execPath, ['scripts/vscode/e2e.mjs', '--packaged', '--summary'], summary => summary),
];
console.log(`\n${closingLines(outcomes).join('\n')}`);
process.exit(outcomes.every(({ failed }) => failed === 0) ? 0 : 1);
