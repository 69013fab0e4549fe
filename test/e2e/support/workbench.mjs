// Parts of the workbench that scenarios look at and touch.
import { eventually } from './patience.mjs';

/** A message in the corner that says `text`. */
export function toast(page, text) {
  return page.locator('.notification-toast', { hasText: text });
}

export function statusBarItem(page, text) {
  return page.locator('.statusbar-item', { hasText: text });
}

/** A row of the list that a command shows on top of the window. */
export function quickPickRow(page, text) {
  return page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
}

/** Goes to an open editor; settings and the editor about trust may lie over the window. */
export async function showTab(page, title) {
  const above = page.locator('.monaco-modal-editor-block');
  if (await above.isVisible())
    await above
      .getByRole('button', { name: /^Close/ })
      .first()
      .click();
  await page.locator('.tab', { hasText: title }).click();
}

/** Takes the pointer away from everything, so that no tooltip is in a picture. */
export async function pointerAway(page) {
  await page.mouse.move(700, 1);
  await page.locator('.workbench-hover:visible').waitFor({ state: 'hidden' });
}

/** Opens the extension's view in the side bar. */
export async function showExplorer(page) {
  const icon = page.locator('.activitybar .action-label[aria-label^="Focal Lens"]');
  const title = page.locator('.sidebar .composite.title', { hasText: 'Focal Lens' });
  const shown = () =>
    title.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    );
  await icon.waitFor();
  // A reloaded window may bring the view back by itself; a click on the icon would then close it.
  await eventually("the extension's view", async () => (await shown()) || (await icon.click(), shown()));
}

export function treeRow(page, text) {
  return page.locator('.sidebar .pane-body .monaco-list-row[role="treeitem"]', { hasText: text }).first();
}

/** Trusts the folder in the editor about trust, which is open. */
export async function grantTrust(page) {
  const editor = page.locator('.workspace-trust-editor');
  await editor.getByRole('button', { name: 'Trust', exact: true }).click();
  await editor.getByText('You trust this folder').waitFor();
}

/** Has the active editor's file written. */
export async function save(page) {
  await page.keyboard.press('Control+S');
  await page.locator('.tab.active:not(.dirty)').first().waitFor();
}

/**
 * Reloads the window once what it keeps has these texts in one place: the workbench of a browser writes down what is
 * open every few seconds.
 */
export async function reload(page, ...texts) {
  await eventually('the window keeping what is open', () => page.evaluate(isStored, texts));
  await page.reload();
}

/* global indexedDB, IDBKeyRange */
/** Runs in the page: whether some value that the workbench keeps in the browser has all these texts in it. */
async function isStored(texts) {
  const answer = request =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('vscode-web-state-db')) continue;
    const database = await answer(indexedDB.open(name));
    try {
      for (const table of database.objectStoreNames) {
        const values = await answer(database.transaction(table).objectStore(table).getAll(IDBKeyRange.lowerBound('')));
        if (values.some(value => texts.every(text => String(value).includes(text)))) return true;
      }
    } finally {
      database.close();
    }
  }
  return false;
}
