// What only a person in front of the window sees: driven through the workbench itself, in code-server.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../setup.mjs';
import { startCodeServer } from './codeServer.mjs';
import { within } from './processes.mjs';
import { lensFrame, openFile, openWorkbench, runCommand } from './workbench.mjs';

const timeout = 60_000;

const tests = {
  'the palette analyzes the picture in the active tab, and a reloaded window restores the panel': {
    async run({ page }) {
      await openFile(page, 'scene.png');
      await runCommand(page, 'Focal Lens: Analyze Image');
      await shownAnalysis(page);
      await page.locator('.statusbar-item', { hasText: 'ONNX Runtime' }).waitFor({ timeout });
      await reloaded(page);
      await shownAnalysis(page);
    },
  },
  'without a model it asks for one of those in the workspace, and remembers it': {
    workspaceSettings: false,
    async run({ page }) {
      await openFile(page, 'scene.png');
      await runCommand(page, 'Focal Lens: Analyze Image');
      const row = page.locator('.quick-input-list .monaco-list-row');
      await row.filter({ hasText: 'tiny.safetensors' }).first().waitFor({ timeout });
      await row.filter({ hasText: 'Browse' }).waitFor({ timeout });
      await row.filter({ hasText: 'tiny.safetensors' }).first().click();
      await shownAnalysis(page);
      await reloaded(page);
      await shownAnalysis(page);
    },
  },
  'a click on the picture brings the terms of an anchor from the engine, in a small window too': {
    viewport: { width: 1000, height: 600 },
    async run({ page }) {
      await openFile(page, 'other/large.png');
      await runCommand(page, 'Focal Lens: Analyze Image');
      const lens = await shownAnalysis(page);
      const box = await lens.locator('canvas').first().boundingBox();
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      await lens.getByText('logit').first().waitFor({ timeout });
    },
  },
  'the status bar tells what became of every runtime': {
    async run({ page }) {
      await openFile(page, 'scene.png');
      await runCommand(page, 'Focal Lens: Analyze Image');
      await shownAnalysis(page);
      await page.locator('.statusbar-item', { hasText: 'ONNX Runtime' }).click();
      const row = page.locator('.quick-input-list .monaco-list-row');
      await row.filter({ hasText: /ONNX Runtime · CPU/ }).waitFor({ timeout });
      await row.filter({ hasText: /Latest forward pass.*ms at \d+ x \d+/ }).waitFor({ timeout });
      await row.filter({ hasText: /Memory.*engine \d/ }).waitFor({ timeout });
      await row.filter({ hasText: 'Benchmark Runtimes' }).waitFor({ timeout });
    },
  },
  'restricted mode loads no checkpoint and says what to do': {
    settings: { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' },
    async run({ page }) {
      await openFile(page, 'scene.png');
      await runCommand(page, 'Focal Lens: Analyze Image');
      const toast = page.locator('.notification-toast', { hasText: 'restricted mode' });
      await toast.waitFor({ timeout });
      await toast.getByText('Manage Workspace Trust').waitFor({ timeout });
      const lens = await lensFrame(page);
      await lens.getByText('no checkpoint is loaded').first().waitFor({ timeout });
    },
  },
};

/** Runs the tests, each in a window of its own, and adds their outcome to `summary`. */
export async function runWorkbenchTests(node, job, summary) {
  for (const [title, test] of Object.entries(tests)) {
    if (process.env.FOCAL_LENS_GREP && !title.includes(process.env.FOCAL_LENS_GREP)) continue;
    const start = Date.now();
    const error = await runOne(node, job, title.replaceAll(/\W+/g, '-').slice(0, 40), test).catch(reason => reason);
    if (error === undefined) {
      summary.passed++;
      console.log(`  ✓ workbench: ${title} (${Date.now() - start} ms)`);
    } else {
      summary.failed++;
      console.log(`  ✗ workbench: ${title}\n${String(error.stack ?? error).replace(/^/gm, '      ')}`);
    }
  }
}

async function runOne(node, job, name, { run, viewport, settings = {}, workspaceSettings = true }) {
  const folder = join(job.folder, 'workbench');
  rmSync(folder, { recursive: true, force: true });
  const workspace = join(folder, 'workspace');
  cpSync(job.workspace, workspace, { recursive: true });
  if (!workspaceSettings) rmSync(join(workspace, '.vscode'), { recursive: true });
  const server = await startCodeServer({ node, folder: join(folder, 'server'), extension: job.extension, settings });
  try {
    const workbench = await openWorkbench({ url: server.url, folder: workspace, viewport });
    try {
      await run(workbench);
      assert.deepEqual(workbench.problems(), []);
    } catch (error) {
      const shot = join(root, 'out', `vscode-${name}.png`);
      mkdirSync(dirname(shot), { recursive: true });
      await within(workbench.page.screenshot({ path: shot }), 10_000);
      throw new Error(`${error.message}\n${workbench.problems().join('\n')}\nSee ${shot}`, { cause: error });
    } finally {
      await within(workbench.close(), 10_000);
    }
  } finally {
    await server.stop();
  }
}

/** Reloads the window once it has written down what is open, which a browser's workbench does every few seconds. */
async function reloaded(page) {
  await page.waitForTimeout(7_000);
  await page.reload();
}

/** Waits until the lens shows an analysis: its opening sentence, the whole picture, and more than a few colours. */
async function shownAnalysis(page) {
  const lens = await lensFrame(page, timeout);
  await lens
    .getByText(/% of the anchors/)
    .first()
    .waitFor({ timeout });
  const picture = lens.locator('img').first();
  await picture.waitFor({ timeout });
  // decode() waits for the file and fails where it does not arrive.
  const natural = await picture.evaluate(image => image.decode().then(() => image.naturalWidth / image.naturalHeight));
  const { width, height } = await picture.boundingBox();
  assert.ok(Math.abs(width / height / natural - 1) < 0.02, `the picture is distorted: ${width} x ${height}`);
  const image = await lens.locator('canvas').first().screenshot();
  // A blank canvas compresses to next to nothing.
  assert.ok(image.length > 3_000, `the canvas looks blank: ${image.length} bytes as PNG`);
  return lens;
}
