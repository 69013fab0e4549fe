// node scripts/vscode/e2e.mjs [--packaged] [--summary FILE]
// Plays the scenarios in test/e2e as a person would, in windows of code-server with the installed package. Makes the
// package first, unless --packaged says that the one in out/ is to be used. FOCAL_LENS_GREP picks scenarios by their
// titles, FOCAL_LENS_PATIENCE says how many seconds anything may take (180). Each leaves screenshots in out/e2e/.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root, run } from '../setup.mjs';
import { loadScenarios, scenarioPlayer } from './scenarios.mjs';

const pictures = join(root, 'out', 'e2e');
const summaryFile = process.argv.includes('--summary')
  ? process.argv[process.argv.indexOf('--summary') + 1]
  : undefined;

if (!process.argv.includes('--packaged')) run(process.execPath, ['scripts/package.mjs', 'host', 'universal']);
const play = scenarioPlayer(pictures);
const summary = { passed: 0, failed: 0, skipped: 0, failures: [] };
for (const scenario of await loadScenarios()) {
  if (process.env.FOCAL_LENS_GREP && !scenario.title.includes(process.env.FOCAL_LENS_GREP)) continue;
  await report(scenario);
}
if (summaryFile) {
  mkdirSync(dirname(summaryFile), { recursive: true });
  writeFileSync(summaryFile, JSON.stringify(summary));
}
console.log(`${summary.passed} passed, ${summary.failed} failed; pictures in ${relative(root, pictures)}`);
// Chromium may keep the event loop alive; what was started is killed on exit.
process.exit(summary.failed === 0 && summary.passed > 0 ? 0 : 1);

async function report(scenario) {
  const start = Date.now();
  const error = await play(scenario).catch(reason => reason);
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  if (error === undefined) {
    summary.passed++;
    console.log(`  ✓ ${scenario.title} (${seconds} s)`);
  } else {
    summary.failed++;
    summary.failures.push(scenario.title);
    const text = stripVTControlCharacters(error.message);
    console.log(`  ✗ ${scenario.title} (${seconds} s)\n${text.replace(/^/gm, '      ')}`);
  }
}
