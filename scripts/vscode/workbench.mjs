// The workbench of a code-server in a headless Chromium.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumPath } from './codeServer.mjs';

/**
 * Opens `folder` with the extension in `extension` (a folder).
 *
 * @param options.tests module whose `run()` the extension host calls; the workbench closes with its outcome
 * @returns the page; `exit`, resolved with 0 when `run()` succeeded; `close()`
 */
export async function openWorkbench({ url, folder, extension, tests, viewport = { width: 1400, height: 900 } }) {
  const profile = mkdtempSync(join(tmpdir(), 'focal-lens-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(),
    headless: true,
    viewport,
    // No sandbox: Chromium refuses to start one as root. The page is our own.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const exit = new Promise(resolve => {
    void page.exposeFunction('codeAutomationExit', code => resolve(code));
  });
  await page.exposeFunction('codeAutomationLog', (type, values) => {
    if (process.env.FOCAL_LENS_VERBOSE) console.error(`[${type}]`, ...(values ?? []));
  });
  // A built server takes an extension under development from the address only in its smoke-test mode. The page's
  // configuration is an attribute which the parser has just written when this observer runs.
  await context.addInitScript(() => {
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
  });
  const remote = path => `vscode-remote://${new URL(url).host}${path}`;
  const payload = [['extensionDevelopmentPath', remote(extension)]];
  if (tests) payload.push(['extensionTestsPath', remote(tests)]);
  const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
  await page.goto(`${url}/?${query}`);
  return {
    page,
    exit,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
