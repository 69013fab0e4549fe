// npm run bench:labels -- [report | fit] [options]: plants label errors and ranks what every method suspects.
import * as esbuild from 'esbuild';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installPackages, root } from '../../scripts/setup.mjs';

installPackages();
const bundle = join(root, 'out', 'bench', 'labels.cjs');
await esbuild.build({
  entryPoints: [join(root, 'bench', 'labels', 'main.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  external: ['onnxruntime-node', 'sharp', '@tensorflow/*'],
  logLevel: 'warning',
});
const { status } = spawnSync(process.execPath, [bundle, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
