// node scripts/vscode/e2e.mjs [--packaged] [--summary FILE]
// Runs the scenarios in test/e2e as a person would, in windows of code-server with the installed package. Makes the
// package first, unless --packaged says that the one in out/ is to be used. FOCAL_LENS_GREP picks scenarios by their
// titles, FOCAL_LENS_PATIENCE says how many seconds anything may take (120). Each leaves a screenshot in out/e2e/.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { startSession } from '../../test/e2e/support/session.mjs';
import { hostTarget, packageFile } from '../package/targets.mjs';
import { root, run } from '../setup.mjs';
import { installCodeServer, installExtension } from './codeServer.mjs';
import { killGroupsOnExit, within } from './processes.mjs';

/** Milliseconds for one scenario. */
const limit = 10 * 60_000;
const folder = join(root, 'test', 'e2e');
const pictures = join(root, 'out', 'e2e');
const summaryFile = process.argv.includes('--summary')
  ? process.argv[process.argv.indexOf('--summary') + 1]
  : undefined;

killGroupsOnExit();
const temporary = mkdtempSync(join(tmpdir(), 'focal-lens-e2e-'));
process.on('exit', () => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }));

if (!process.argv.includes('--packaged')) run(process.execPath, ['scripts/package.mjs', 'host', 'universal']);
const node = installCodeServer();
rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });
const summary = { passed: 0, failed: 0, skipped: 0 };
const files = readdirSync(folder).filter(file => file.endsWith('.e2e.mjs'));
const scenarios = await Promise.all(files.map(file => import(pathToFileURL(join(folder, file)).href)));
for (const [index, scenario] of scenarios.entries()) {
  if (process.env.FOCAL_LENS_GREP && !scenario.title.includes(process.env.FOCAL_LENS_GREP)) continue;
  await report(files[index].replace('.e2e.mjs', ''), scenario);
}
if (summaryFile) {
  mkdirSync(dirname(summaryFile), { recursive: true });
  writeFileSync(summaryFile, JSON.stringify(summary));
}
console.log(`${summary.passed} passed, ${summary.failed} failed; pictures in ${relative(root, pictures)}`);
// Chromium may keep the event loop alive; what was started is killed on exit.
process.exit(summary.failed === 0 && summary.passed > 0 ? 0 : 1);

async function report(name, scenario) {
  const start = Date.now();
  const error = await runOne(name, scenario).catch(reason => reason);
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  if (error === undefined) {
    summary.passed++;
    console.log(`  ✓ ${scenario.title} (${seconds} s)`);
  } else {
    summary.failed++;
    const text = stripVTControlCharacters(String(error.stack ?? error));
    console.log(`  ✗ ${scenario.title} (${seconds} s)\n${text.replace(/^/gm, '      ')}`);
  }
}

async function runOne(name, { run: play, target = hostTarget(), ...options }) {
  const own = join(temporary, name);
  mkdirSync(own);
  const picture = join(pictures, name);
  const session = await startSession({ node, folder: own, extensions: installed(target), picture, ...options });
  try {
    const done = await within(
      play(session).then(() => true),
      limit,
    );
    if (done === undefined) throw new Error(`not done within ${limit / 1000} s`);
    assert.deepEqual(session.complaints(), []);
    if (!existsSync(`${picture}.png`)) await session.screenshots(picture);
  } catch (error) {
    await session.screenshots(`${picture}-failed`);
    error.message += `\n${session.complaints().join('\n')}\nSee ${relative(root, picture)}-failed.png`;
    throw error;
  } finally {
    await session.close();
    rmSync(own, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The folder where a target's package is installed, once for all scenarios. */
function installed(target) {
  const extensions = join(temporary, `extensions-${target}`);
  if (!existsSync(extensions)) installExtension(node, packageFile(target), extensions);
  return extensions;
}
