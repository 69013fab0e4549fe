// npm test: everything that can be tested here, from an empty checkout. Installs what is missing, then lint and
// types, unit and browser tests (vitest), the suite inside a real VS Code, the README's first command, this platform's
// package and the universal one, and what a person does with them installed. The last line counts the tests.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, installDebianPackages, installPackages, root, run } from './setup.mjs';

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

/** Runs one suite, which writes a JSON summary of its own kind, and counts it. */
function suite(name, command, args, counts) {
  const file = join(results, `${name}.json`);
  const { status } = spawnSync(command, [...args, file], { cwd: root, stdio: 'inherit' });
  const none = { passed: 0, failed: 1, skipped: 0 };
  if (!existsSync(file)) return none;
  const counted = counts(JSON.parse(readFileSync(file, 'utf8')));
  // A suite that fails outside its tests (a crashed worker, a host that did not start) must not look green.
  return status !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

/** A command that counts as one test. No window is opened for it. */
function command(name, args) {
  const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' };
  const { status } = spawnSync(name, args, { cwd: root, stdio: 'inherit', env });
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
}

const suites = [
  suite(
    'unit',
    'npx',
    ['vitest', 'run', '--reporter=default', '--reporter=json', '--outputFile.json'],
    ({ numPassedTests, numFailedTests, numPendingTests }) => ({
      passed: numPassedTests,
      failed: numFailedTests,
      skipped: numPendingTests,
    }),
  ),
  suite('vscode', process.execPath, ['scripts/vscode/run.mjs', '--summary'], ({ passed, failed, skipped }) => ({
    passed,
    failed,
    skipped,
  })),
];
suites.push(command('npm', ['start']));
suites.push(command(process.execPath, ['scripts/package.mjs', 'host', 'universal']));
suites.push(suite('e2e', process.execPath, ['scripts/vscode/e2e.mjs', '--packaged', '--summary'], counts => counts));

const total = { passed: 0, failed: 0, skipped: 0 };
for (const counted of suites) for (const key of Object.keys(total)) total[key] += counted[key];
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);
