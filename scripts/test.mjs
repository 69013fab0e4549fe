// npm test: everything that can be tested here, from an empty checkout. Installs what is missing, then lint and
// types, unit and browser tests (vitest), the suite inside a real VS Code, the README's first command, the packages for
// every platform, and what a person does with this one's and the universal one installed. The last line counts the tests; those that
// failed are named right before it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, installDebianPackages, installPackages, root, run } from './setup.mjs';
import { closingLines, commandOutcome, failedSuite, suiteOutcome, vitestOutcome } from './testOutcomes.mjs';
import { hasCodeServer } from './vscode/codeServer.mjs';

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
async function suite(name, command, args, outcomeOf) {
  const file = join(results, `${name}.json`);
  const child = spawn(command, [...args, file], { cwd: root, stdio: ['inherit', 'inherit', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', text => {
    process.stderr.write(text);
    errors = (errors + text).slice(-10_000);
  });
  const status = await new Promise((done, fail) => child.once('error', fail).once('close', done));
  const told = existsSync(file) ? outcomeOf(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
  return suiteOutcome(name, status, told, errors);
}

/** A command that counts as one test. No window is opened for it. */
function command(name, args) {
  const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' };
  const { status } = spawnSync(name, args, { cwd: root, stdio: 'inherit', env });
  return commandOutcome([name === process.execPath ? 'node' : name, ...args].join(' '), status);
}

const vitest = ['vitest', 'run', '--reporter=default', '--reporter=json', '--outputFile.json'];
const unit = await suite('unit', 'npx', vitest, vitestOutcome);
const vscode = await suite(
  'vscode',
  process.execPath,
  ['scripts/vscode/run.mjs', '--built', '--summary'],
  told => told,
);
const commands = [command('npm', ['start']), command(process.execPath, ['scripts/package.mjs'])];
// What could not be installed a moment ago is not tried again: it takes minutes to fail.
const e2e =
  vscode.failed > 0 && !hasCodeServer()
    ? failedSuite('e2e', 'not run without code-server, which could not be installed')
    : await suite('e2e', process.execPath, ['scripts/vscode/e2e.mjs', '--packaged', '--summary'], told => told);
const outcomes = [unit, vscode, ...commands, e2e];
console.log(`\n${closingLines(outcomes).join('\n')}`);
process.exit(outcomes.every(({ failed }) => failed === 0) ? 0 : 1);
