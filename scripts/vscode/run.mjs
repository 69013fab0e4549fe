// npm run test:vscode [-- [--built] [--summary FILE]]
// Runs the suite in test/vscode inside a real VS Code, on a fresh copy of a generated workspace: in desktop VS Code
// where it can be downloaded and shown, else in code-server with Chromium. FOCAL_LENS_VSCODE=desktop|code-server
// decides otherwise; FOCAL_LENS_GREP picks tests; FOCAL_LENS_VERBOSE shows the workbench's log. --built: dist/ is new.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as esbuild from 'esbuild';
import { build, root, run } from '../setup.mjs';
import { desktopVsCode, runInDesktop } from './desktop.mjs';
import { installCodeServer, patience, startCodeServer } from './codeServer.mjs';
import { killGroupsOnExit, within } from './processes.mjs';
import { followReport } from './report.mjs';
import { openWorkbench } from './workbench.mjs';

const limit = 15 * patience;
const summaryFile = process.argv.includes('--summary')
  ? process.argv[process.argv.indexOf('--summary') + 1]
  : undefined;
const tests = join(root, 'out', 'test', 'vscode');

killGroupsOnExit();
const folder = mkdtempSync(join(tmpdir(), 'focal-lens-vscode-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

try {
  const summary = await main();
  if (summaryFile) {
    mkdirSync(dirname(summaryFile), { recursive: true });
    writeFileSync(summaryFile, JSON.stringify(summary));
  }
  console.log(`${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped`);
  // Chromium or a language server may keep the event loop alive; what was started is killed on exit.
  process.exit(summary.failed === 0 && summary.passed > 0 ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.stack : error);
  process.exit(1);
}

async function main() {
  if (!process.argv.includes('--built')) build();
  await buildTests();
  const workspace = join(folder, 'workspace');
  run(process.execPath, [join(tests, 'generateWorkspace.js'), workspace]);
  const job = {
    extension: root,
    tests: join(tests, 'index.js'),
    workspace,
    folder,
    environment: { FOCAL_LENS_TEST_REPORT: join(folder, 'report.jsonl') },
    limit,
  };
  const choice = process.env.FOCAL_LENS_VSCODE;
  if (choice !== 'code-server') {
    const desktop = await desktopVsCode();
    if (desktop.executable) {
      console.log(`Running in desktop VS Code: ${desktop.executable}`);
      const summary = await followed(job, () => runInDesktop(desktop, job));
      if (summary.started || choice === 'desktop') return summary;
      console.log('Desktop VS Code did not start its extension host.');
      rmSync(job.environment.FOCAL_LENS_TEST_REPORT, { force: true });
    } else {
      console.log(`No desktop VS Code: ${desktop.reason}.`);
    }
  }
  const node = installCodeServer();
  console.log(`Running in code-server ${describeNode(node)}, with Chromium`);
  return followed(job, () => runInCodeServer(node, job));
}

async function buildTests() {
  rmSync(tests, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: ['index.ts', 'generateWorkspace.ts', '**/*.test.ts'].map(name => join(root, 'test', 'vscode', name)),
    outbase: join(root, 'test', 'vscode'),
    outdir: tests,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    packages: 'external',
    logLevel: 'warning',
  });
}

/** Runs the suite and counts its results; a host that fails outside the tests counts as one failure. */
async function followed(job, start) {
  const report = followReport(job.environment.FOCAL_LENS_TEST_REPORT);
  let outcome;
  try {
    outcome = await start();
  } catch (error) {
    outcome = error instanceof Error ? error.message : String(error);
  }
  const summary = report.finish();
  const wrong =
    outcome !== 0 ? `The host ended with: ${outcome}` : !summary.ended ? 'The suite did not reach its end' : undefined;
  if (wrong !== undefined && summary.failed === 0) {
    if (summary.started || process.env.FOCAL_LENS_VSCODE) console.error(wrong);
    summary.failed = 1;
    summary.failures.push(wrong.replaceAll('\n', ' '));
  }
  return summary;
}

async function runInCodeServer(node, job) {
  const server = await startCodeServer({
    node,
    folder: join(job.folder, 'server'),
    environment: job.environment,
  });
  try {
    const workbench = await openWorkbench({
      url: server.url,
      folder: job.workspace,
      extension: job.extension,
      tests: job.tests,
    });
    const code = await within(workbench.exit, job.limit);
    if (code === undefined) {
      const shot = join(root, 'out', 'vscode-timeout.png');
      mkdirSync(dirname(shot), { recursive: true });
      await within(workbench.page.screenshot({ path: shot }), 10_000);
      if (existsSync(server.log)) console.error(readFileSync(server.log, 'utf8').slice(-4_000));
    }
    await within(workbench.close(), 10_000);
    const problems = workbench.problems();
    if (problems.length > 0) return `complaints of the lens's page:\n${problems.join('\n')}`;
    return code ?? `no result within ${job.limit / 1000} s (see out/vscode-timeout.png)`;
  } finally {
    await server.stop();
  }
}

function describeNode(node) {
  const { stdout } = spawnSync(node.command, ['--version'], { encoding: 'utf8' });
  return `on Node ${stdout.trim()}`;
}
