// Bundles extension, engine, command line and webview into dist/. `--watch` rebuilds on change, `--production` minifies, `--quiet` says nothing but errors.
import * as esbuild from 'esbuild';
import { rmSync } from 'node:fs';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const logLevel = process.argv.includes('--quiet') ? 'warning' : 'info';

const shared = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel,
  outdir: 'dist',
};
const node = {
  ...shared,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // Prefer ES modules: some packages' CommonJS builds hide their parts from the bundler.
  mainFields: ['module', 'main'],
  external: ['vscode', 'onnxruntime-node', 'sharp'],
};
const builds = [
  { ...node, entryPoints: { extension: 'src/extension/extension.ts', engine: 'src/engine/main.ts' } },
  { ...node, entryPoints: { cli: 'src/cli/main.ts' }, banner: { js: '#!/usr/bin/env node' } },
  {
    ...shared,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    entryPoints: { webview: 'src/webview/main.ts' },
    loader: { '.svg': 'text' },
  },
];

if (watch) {
  for (const build of builds) await (await esbuild.context(build)).watch();
} else {
  rmSync('dist', { recursive: true, force: true });
  await Promise.all(builds.map(build => esbuild.build(build)));
}
