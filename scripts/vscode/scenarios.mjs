// The scenarios in test/e2e, and how one is played: in a server with the installed package, on a folder of its own.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startSession } from '../../test/e2e/support/session.mjs';
import { hostTarget, packageFile } from '../package/targets.mjs';
import { root } from '../setup.mjs';
import { installCodeServer, installExtension, patience } from './codeServer.mjs';
import { killGroupsOnExit, within } from './processes.mjs';

/** Milliseconds for one scenario that does not hang. */
const limit = 10 * patience;
const folder = join(root, 'test', 'e2e');

/** Every `*.e2e.mjs` by its name: a title, `run(session)`, and what is special about its windows. */
export async function loadScenarios() {
  const files = readdirSync(folder).filter(file => file.endsWith('.e2e.mjs'));
  const load = async file => ({
    ...(await import(pathToFileURL(join(folder, file)).href)),
    name: file.replace('.e2e.mjs', ''),
  });
  return Promise.all(files.map(load));
}

/**
 * @param pictures where screenshots go, emptied first
 * @returns plays a scenario, and throws what went wrong in it
 */
export function scenarioPlayer(pictures) {
  killGroupsOnExit();
  const temporary = mkdtempSync(join(tmpdir(), 'focal-lens-e2e-'));
  process.on('exit', () => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }));
  const node = installCodeServer();
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });

  /** The folder where a target's package is installed, once for all scenarios. */
  const installed = target => {
    const extensions = join(temporary, `extensions-${target}`);
    if (!existsSync(extensions)) installExtension(node, packageFile(target), extensions);
    return extensions;
  };

  return async ({ name, run: play, target = hostTarget(), ...options }) => {
    const own = join(temporary, name);
    mkdirSync(own);
    const session = await startSession({ node, folder: own, extensions: installed(target), pictures, ...options });
    try {
      const played = await within(
        play(session).then(() => true),
        limit,
      );
      if (played === undefined) throw new Error(`not done within ${limit / 1000} s`);
      assert.deepEqual(session.complaints(), []);
      await session.keepAll(`${name}-end`);
    } catch (error) {
      await session.keepAll(`${name}-failed`);
      const seen = [...session.complaints(), `See ${relative(root, pictures)}/${name}-failed.png`].join('\n');
      throw new Error(`${error.stack ?? error}\n${seen}`, { cause: error });
    } finally {
      await session.close();
      rmSync(own, { recursive: true, force: true, maxRetries: 3 });
    }
  };
}
