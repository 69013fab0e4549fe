// The workbench of a code-server in a headless Chromium.
/* global document, MutationObserver */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumPath, patience } from './codeServer.mjs';

/**
 * Opens `folder` in a browser of its own.
 *
 * @param options.extension folder of an extension under test, and
 * @param options.tests module whose `run()` the extension host calls; both or none
 * @returns what {@link openWindow} does, and `close()`
 */
export async function openWorkbench({ viewport, ...options }) {
  const browser = await launchBrowser({ viewport });
  return { ...(await openWindow(browser, options)), close: () => browser.close() };
}

/** @param options.scale of the screen: pixels of a screenshot for one of the page */
export async function launchBrowser({ viewport = { width: 1400, height: 900 }, scale = 1 } = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'focal-lens-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(),
    headless: true,
    timeout: patience,
    // An emulated scale does not reach into frames of other origins, such as the lens.
    viewport: scale === 1 ? viewport : null,
    args: [
      // Chromium refuses to start a sandbox as root. The page is our own.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      ...(scale === 1 ? [] : [`--force-device-scale-factor=${scale}`]),
      `--window-size=${viewport.width},${viewport.height}`,
    ],
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/**
 * Opens a window on `folder`, an empty one without.
 *
 * @returns its page; `exit`, resolved with 0 when `run()` succeeded; `problems()`, what went wrong in the lens's pages
 */
export async function openWindow({ context }, { url, folder, extension, tests }) {
  const blank = context.pages().find(page => page.url() === 'about:blank');
  const page = blank ?? (await context.newPage());
  // Before it goes anywhere: opening the workbench takes longest.
  page.setDefaultTimeout(patience);
  const exit = new Promise(resolve => {
    void page.exposeFunction('codeAutomationExit', code => resolve(code));
  });
  await page.exposeFunction('codeAutomationLog', (type, values) => {
    if (process.env.FOCAL_LENS_VERBOSE) console.error(`[${type}]`, ...(values ?? []));
  });
  const problems = new Set();
  page.on('console', message => {
    if (isProblem(message.type(), message.location().url)) problems.add(message.text());
  });
  page.on('pageerror', error => {
    if (error.stack?.includes('/dist/webview.js')) problems.add(error.stack.split('\n').slice(0, 4).join('\n'));
  });
  if (tests) await context.addInitScript(smokeTestMode);
  const remote = path => `vscode-remote://${new URL(url).host}${path}`;
  const query = new URLSearchParams(folder === undefined ? { ew: 'true' } : { folder });
  if (tests) {
    const payload = { extensionDevelopmentPath: remote(extension), extensionTestsPath: remote(tests) };
    query.set('payload', JSON.stringify(Object.entries(payload)));
  }
  await page.goto(`${url}/?${query}`);
  return { page, exit, problems: () => [...problems] };
}

/**
 * Runs in the page. A built server takes an extension under test from the address only in its smoke-test mode, which
 * the page's configuration turns on: an attribute that the parser has just written when this observer runs.
 */
function smokeTestMode() {
  const observer = new MutationObserver(() => {
    const element = document.getElementById('vscode-workbench-web-configuration');
    const text = element?.getAttribute('data-settings');
    if (!text) return;
    observer.disconnect();
    const settings = JSON.parse(text);
    settings.developmentOptions = { ...settings.developmentOptions, enableSmokeTestDriver: true };
    element.setAttribute('data-settings', JSON.stringify(settings));
  });
  observer.observe(document, { childList: true, subtree: true });
}

/** What the lens's own page complains of, or what its content security policy keeps out. */
function isProblem(type, source) {
  return type === 'error' && /[?&]extensionId=focal-lens\.focal-lens|\/dist\/webview\./.test(source);
}

/** Opens a file of the workspace by its path. */
export async function openFile(page, path) {
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  const name = path.slice(path.lastIndexOf('/') + 1);
  await pick(page, 'Control+P', path, name);
  await page.locator('.tab.active', { hasText: name }).waitFor();
  if (!/\.(?:png|jpe?g|webp)$/.test(name)) return;
  // A fresh browser learns to serve pages with the first one: no other page loads if that one is replaced meanwhile. A
  // window that is still opening may have no preview yet.
  const size = page.locator('.statusbar-item', { hasText: /^\d+x\d+$/ });
  await size.or(page.getByText('The file is not displayed')).first().waitFor();
}

/** Runs a command by its name in the command palette. */
export async function runCommand(page, name) {
  await pick(page, 'F1', `>${name}`, name);
}

/** Milliseconds after which a list that does not show is asked for again. */
const longestWait = 30_000;

/** Opens a list by its key and picks a row. Once more where the list goes: a window that is still opening takes its focus. */
async function pick(page, key, text, row) {
  const end = Date.now() + patience;
  // Each time it waits longer: on a busy machine the list may be on its way.
  for (let wait = 5_000; ; wait = Math.min(2 * wait, longestWait)) {
    try {
      await page.keyboard.press('Escape');
      await page.keyboard.press(key);
      await page.locator('.quick-input-widget input').first().fill(text, { timeout: wait });
      await page
        .locator('.quick-input-list .monaco-list-row', { hasText: row })
        .first()
        .click({ timeout: 2 * wait });
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** The page of the lens, two frames deep in the workbench: of the image whose path ends so, else any. */
export async function lensFrame(page, timeout = patience, image = '') {
  const app = image === '' ? '#app[data-restore]' : `#app[data-restore$=${JSON.stringify(image)}]`;
  const end = Date.now() + timeout;
  while (Date.now() < end) {
    for (const frame of page.frames()) {
      if ((await frame.$(app).catch(() => null)) !== null) return frame;
    }
    await page.waitForTimeout(100);
  }
  throw new Error(`no lens panel opened${image && ` on ${image}`}`);
}
