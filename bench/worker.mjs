import * as esbuild from 'esbuild';
import { spawn } from 'node:child_process';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../scripts/setup.mjs';

/** Bundles a program in TypeScript for Node into out/bench/; returns the file. */
export async function bundle(entry, name = `${basename(entry, '.ts')}.cjs`) {
  const outfile = join(root, 'out', 'bench', name);
  await esbuild.build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['onnxruntime-node', 'sharp', 'node-fetch'],
    logLevel: 'warning',
  });
  return outfile;
}

/** Starts a process that greets with a line, then answers every line with one of JSON. */
export async function start(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const failed = new Promise((_, fail) => child.once('error', fail));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await Promise.race([lines.next(), failed]);
    if (done) throw new Error(`${command} ${args.join(' ')} ended early`);
    return value;
  };
  const greeting = await next();
  return {
    greeting,
    async once() {
      child.stdin.write('\n');
      return JSON.parse(await next());
    },
    stop: () => child.stdin.end(),
  };
}

export const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
