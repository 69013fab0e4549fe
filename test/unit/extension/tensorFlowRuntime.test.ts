import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CancelledError, UserError } from '../../../src/common/errors';
import { findNpm, runNpm, type Npm } from '../../../src/extension/runtime/npm';
import { TensorFlowRuntime } from '../../../src/extension/runtime/tensorFlowRuntime';
import { temporaryFolder } from '../helpers/temporaryFolder';

/** A program in npm's place; `script` gets the arguments as `args`. */
async function programLikeNpm(script: string): Promise<() => Npm> {
  const file = join(await temporaryFolder(), 'npm.cjs');
  await writeFile(file, `const args = process.argv.slice(2); const fs = require('node:fs');\n${script}`);
  return () => ({ command: process.execPath, args: [file] });
}

const installing = `
fs.writeFileSync('arguments.json', JSON.stringify(args));
const name = args.at(-1).replace(/@[\\d.]+$/, '');
console.log('added 1 package');
fs.mkdirSync('node_modules/' + name, { recursive: true });
fs.writeFileSync('node_modules/' + name + '/package.json', '{}');
`;

async function runtimeWith(script: string): Promise<{ runtime: TensorFlowRuntime; folder: string }> {
  const folder = join(await temporaryFolder(), 'tensorflow');
  return { runtime: new TensorFlowRuntime(folder, await programLikeNpm(script)), folder };
}

const never = new AbortController().signal;

describe('installing TensorFlow', () => {
  it('runs npm in a folder of its own, with install scripts, and reports its lines', async () => {
    const { runtime, folder } = await runtimeWith(installing);
    const lines: string[] = [];
    expect(runtime.installed).toBeUndefined();
    await runtime.install('@tensorflow/tfjs-node', { signal: never, onLine: line => lines.push(line) });
    expect(runtime.installed).toBe('@tensorflow/tfjs-node');
    expect(lines).toEqual(['added 1 package']);
    const args = JSON.parse(await readFile(join(folder, 'arguments.json'), 'utf8')) as string[];
    expect(args[0]).toBe('install');
    expect(args).toContain('--ignore-scripts=false');
    expect(args.at(-1)).toBe('@tensorflow/tfjs-node@4.22.0');

    await runtime.install('@tensorflow/tfjs-node-gpu', { signal: never, onLine: () => undefined });
    expect(runtime.installed).toBe('@tensorflow/tfjs-node-gpu');
    expect(existsSync(join(folder, 'node_modules', '@tensorflow', 'tfjs-node'))).toBe(false);
    await runtime.remove();
    expect(existsSync(folder)).toBe(false);
    expect(runtime.installed).toBeUndefined();
  });

  it.each([
    [
      "console.error('npm ERR! network timeout'); console.log('bye'); process.exit(7);",
      /npm failed \(7\): npm ERR! network/,
    ],
    ["console.log('done nothing');", /npm did not install @tensorflow\/tfjs-node/],
  ])('leaves nothing behind a failure: %s', async (script, message) => {
    const { runtime, folder } = await runtimeWith(script);
    const install = runtime.install('@tensorflow/tfjs-node', { signal: never, onLine: () => undefined });
    await expect(install).rejects.toThrow(UserError);
    await expect(install).rejects.toThrow(message);
    expect(existsSync(folder)).toBe(false);
  });

  it('can be cancelled, with all that npm has started', async () => {
    const started = `
      require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      console.log('downloading'); setInterval(() => {}, 1000);`;
    const { runtime, folder } = await runtimeWith(started);
    const controller = new AbortController();
    const install = runtime.install('@tensorflow/tfjs-node', {
      signal: controller.signal,
      onLine: () => controller.abort(),
    });
    await expect(install).rejects.toThrow(CancelledError);
    expect(existsSync(folder)).toBe(false);
  });

  it.skipIf(process.platform !== 'linux')(
    'can be cancelled when it has ended but for its output (Linux only)',
    async () => {
      const controller = new AbortController();
      // A session of its own is no part of npm's group, and holds what npm writes to.
      const running = runNpm({ command: '/bin/sh', args: ['-c', 'setsid sleep 5 & echo $$'] }, [], {
        folder: await temporaryFolder(),
        signal: controller.signal,
        onLine: pid => void ended(Number(pid)).then(() => controller.abort()),
      });
      await expect(running).rejects.toThrow(CancelledError);
    },
  );

  it('says what to do without npm', async () => {
    const runtime = new TensorFlowRuntime(join(await temporaryFolder(), 'tensorflow'), () => undefined);
    await expect(runtime.install('@tensorflow/tfjs-node', { signal: never, onLine: () => undefined })).rejects.toThrow(
      'npm was not found on the PATH; install Node.js and restart VS Code',
    );
  });
});

async function ended(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(10);
  }
}

describe('findNpm', () => {
  it.skipIf(process.platform === 'win32')(
    'takes the first on the PATH and no relative folder (POSIX only)',
    async () => {
      const [first, second] = [await temporaryFolder(), await temporaryFolder()];
      for (const folder of [first, second]) {
        await writeFile(join(folder, 'npm'), '#!/bin/sh\n');
        await chmod(join(folder, 'npm'), 0o755);
      }
      await mkdir('out', { recursive: true });
      expect(findNpm({ PATH: `:.:out:${first}:${second}` })).toEqual({ command: join(first, 'npm'), args: [] });
      expect(findNpm({ PATH: '.:' })).toBeUndefined();
      expect(findNpm({})).toBeUndefined();
    },
  );

  it('starts Node with npm beside it on Windows, where npm is a batch file', () => {
    const there = (file: string): boolean => /C:[\\/]node[\\/]node\.exe$|npm-cli\.js$/.test(file);
    const found = findNpm({ Path: '.;D:\\empty;C:\\node' }, 'win32', file => there(file) && !file.startsWith('D:'));
    expect(found?.command).toMatch(/^C:.node.node\.exe$/);
    expect(found?.args).toHaveLength(1);
    expect(found?.args[0]).toMatch(/npm-cli\.js$/);
    expect(findNpm({ Path: 'relative;.' }, 'win32', () => true)).toBeUndefined();
  });
});
