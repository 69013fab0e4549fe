// node scripts/vscode/screenshot.mjs --folder FOLDER --image PATH --model WEIGHTS --out OUT.png [options]
// Opens FOLDER in code-server with the built extension, runs "Focal Lens: Analyze Image" on the image (a path inside
// FOLDER) from the command palette as a person would, waits for the heatmap, and takes a picture of the window.
//   --theme NAME       colour theme; several are taken one after another, into OUT-name.png   (Dark Modern)
//   --size WxH         of the window                                                         (1400x900)
//   --click X,Y        clicks there in the lens first, as shares of its canvas
//   --hover X,Y        leaves the pointer there
//   --vsix FILE        installs this package instead of using the checkout
//   --runtime NAME     focalLens.runtime                                                      (cpu)
//   --expect-failure   waits for the message of a failed analysis instead
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../setup.mjs';
import { installCodeServer, startCodeServer } from './codeServer.mjs';
import { killGroupsOnExit } from './processes.mjs';
import { lensFrame, openFile, openWorkbench, runCommand } from './workbench.mjs';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    image: { type: 'string' },
    model: { type: 'string' },
    out: { type: 'string' },
    theme: { type: 'string', multiple: true, default: ['Dark Modern'] },
    size: { type: 'string', default: '1400x900' },
    click: { type: 'string' },
    hover: { type: 'string' },
    vsix: { type: 'string' },
    runtime: { type: 'string', default: 'cpu' },
    'expect-failure': { type: 'boolean', default: false },
  },
});
for (const name of ['folder', 'image', 'model', 'out']) {
  if (values[name] === undefined) {
    console.error(`--${name} is missing; the head of this file says what is what`);
    process.exit(2);
  }
}

killGroupsOnExit();
const temporary = mkdtempSync(join(tmpdir(), 'focal-lens-screenshot-'));
process.on('exit', () => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }));
const node = installCodeServer();
for (const theme of values.theme) await picture(theme);
process.exit(0);

async function picture(theme) {
  const folder = join(temporary, theme.replaceAll(/\W+/g, '-'));
  const server = await startCodeServer({
    node,
    folder,
    extension: values.vsix ? resolve(values.vsix) : root,
    settings: {
      'workbench.colorTheme': theme,
      'focalLens.model': resolve(values.model),
      'focalLens.runtime': values.runtime,
    },
  });
  const [width, height] = values.size.split('x').map(Number);
  const workbench = await openWorkbench({
    url: server.url,
    folder: resolve(values.folder),
    viewport: { width, height },
  });
  const { page } = workbench;
  const out = values.theme.length === 1 ? values.out : withSuffix(values.out, theme);
  try {
    await openFile(page, values.image);
    await runCommand(page, 'Focal Lens: Analyze Image');
    const lens = await lensFrame(page);
    if (values['expect-failure']) {
      await lens.getByRole('alert').waitFor();
    } else {
      await lens
        .getByText(/% of the anchors/)
        .first()
        .waitFor();
      await page.locator('.notification-toast').waitFor({ state: 'hidden', timeout: 20_000 });
    }
    await page.waitForTimeout(2_000);
    for (const [gesture, position] of Object.entries({ click: values.click, hover: values.hover })) {
      if (position === undefined) continue;
      const [x, y] = position.split(',').map(Number);
      const box = await lens.locator('canvas').first().boundingBox();
      const at = [box.x + x * box.width, box.y + y * box.height];
      if (gesture === 'click') await page.mouse.click(...at);
      else await page.mouse.move(...at);
      await page.waitForTimeout(1_000);
    }
  } finally {
    mkdirSync(dirname(resolve(out)), { recursive: true });
    await page.screenshot({ path: out });
    console.log(out);
    for (const line of workbench.problems()) console.log(`  ${line}`);
    await workbench.close();
    await server.stop();
  }
}

function withSuffix(file, theme) {
  const extension = extname(file);
  const suffix = theme.toLowerCase().replaceAll(/\W+/g, '-');
  return join(dirname(file), `${file.slice(file.lastIndexOf('/') + 1, -extension.length)}-${suffix}${extension}`);
}
