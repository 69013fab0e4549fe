// What a scenario works with: its own copy of the sample, a server with the installed package, windows on it.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startCodeServer } from '../../../scripts/vscode/codeServer.mjs';
import { within } from '../../../scripts/vscode/processes.mjs';
import { launchBrowser, openWindow } from '../../../scripts/vscode/workbench.mjs';
import { patience } from './patience.mjs';

/** @typedef {Awaited<ReturnType<typeof startSession>>} Session */

/**
 * @param options.folder empty; holds all that the scenario writes
 * @param options.extensions where the package is installed
 * @param options.pictures where screenshots go
 * @param options.settings of the user
 * @param options.viewport of the windows, in CSS pixels; `scale` pixels of a picture for each
 */
export async function startSession({ node, folder, extensions, pictures, settings = {}, viewport, scale }) {
  const [installed] = readdirSync(extensions).filter(name => name.startsWith('focal-lens.focal-lens-'));
  const extension = join(extensions, installed);
  // In a browser VS Code saves by itself; on a desktop it does not.
  const all = { 'files.autoSave': 'off', ...settings };
  const server = await startCodeServer({ node, folder: join(folder, 'server'), extensions, settings: all });
  const windows = [];
  let browser;
  return {
    extension,
    /** The process group that the server and its extension hosts run in. */
    group: server.group,
    /** A folder for the scenario's own use. */
    folder,
    /** A copy of the sample as the package ships it, under its own name. */
    copySample(name = 'harbour') {
      const copy = join(folder, name);
      mkdirSync(copy, { recursive: true });
      cpSync(join(extension, 'examples', 'harbour'), copy, { recursive: true });
      return copy;
    },
    /** Opens a window on a folder, an empty one without. */
    async open(path) {
      browser ??= await launchBrowser({ viewport, scale });
      const window = await openWindow(browser, { url: server.url, folder: path });
      windows.push(window);
      return window.page;
    },
    /** The JSON document that the installed package's command line prints. */
    async commandLine(...values) {
      const options = { maxBuffer: 2 ** 28, timeout: 4 * patience };
      const cli = join(extension, 'dist', 'cli.js');
      const { stdout } = await promisify(execFile)(process.execPath, [cli, ...values], options);
      return JSON.parse(stdout);
    },
    /** What the lens's pages complained of, or their content security policy kept out. */
    complaints() {
      return windows.flatMap(({ problems }) => problems());
    },
    /** Prints a figure among the results. */
    note(text) {
      console.log(`    ${text}`);
    },
    /** Keeps a screenshot of a window under `name`, or of a part of it. */
    async keep(page, name, clip) {
      await page.screenshot({ path: join(pictures, `${name}.png`), ...(clip ? { clip } : {}) });
    },
    /** Screenshots of all windows: `name`, `name-2`, ... */
    async keepAll(name) {
      for (const [index, { page }] of windows.entries()) {
        if (page.isClosed()) continue;
        const path = join(pictures, `${name}${index === 0 ? '' : `-${index + 1}`}.png`);
        await within(page.screenshot({ path }), 20_000);
      }
    },
    async close() {
      if (browser) await within(browser.close(), 10_000);
      await server.stop();
    },
  };
}
