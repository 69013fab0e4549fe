// Bundles extension, engine, command line and webview into dist/, or the folder after `--outdir`. `--watch` rebuilds on
// change, `--production` minifies, `--quiet` says nothing but errors.
import * as esbuild from 'esbuild';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const outdir = process.argv.includes('--outdir') ? process.argv[process.argv.indexOf('--outdir') + 1] : 'dist';
const logLevel = process.argv.includes('--quiet') ? 'warning' : 'info';

const shared = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel,
  outdir,
};
/** TensorFlow.js stays in a bundle of its own beside the others, which load it when they use it. */
const lazyTensorFlow = {
  name: 'lazyTensorFlow',
  setup(build) {
    build.onResolve({ filter: /^\.\/tfjs\/openTfjsProvider$/ }, () => ({ path: './tensorflow.js', external: true }));
  },
};
/** One wrapper of VS Code's API for all modules that import it: to copy its hundreds of names takes a while each time. */
const vscodeOnce = {
  name: 'vscodeOnce',
  setup(build) {
    build.onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'vscode' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'vscode' },
    );
    build.onLoad({ filter: /^vscode$/, namespace: 'vscode' }, () => ({ contents: "export * from 'vscode';" }));
  },
};
const node = {
  ...shared,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // Prefer ES modules: some packages' CommonJS builds hide their parts from the bundler.
  mainFields: ['module', 'main'],
  // TensorFlow.js would fetch files with node-fetch; ours lie beside the bundle.
  external: ['onnxruntime-node', 'sharp', 'node-fetch'],
  plugins: [lazyTensorFlow, vscodeOnce],
};
const builds = [
  {
    ...node,
    entryPoints: {
      extension: 'src/extension/extension.ts',
      engine: 'src/engine/main.ts',
      inference: 'src/engine/inference/main.ts',
      analysis: 'src/engine/imageAnalysis/main.ts',
      tensorflow: 'src/model/runtime/tfjs/openTfjsProvider.ts',
    },
  },
  { ...node, entryPoints: { cli: 'src/cli/main.ts' }, banner: { js: '#!/usr/bin/env node' } },
  {
    ...shared,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    entryPoints: {
      webview: 'src/webview/main.ts',
      mapping: 'src/webview/mapping/main.ts',
      gallery: 'src/webview/gallery/main.ts',
      overview: 'src/webview/overview/main.ts',
    },
    loader: { '.svg': 'text' },
  },
];

/** WebAssembly cannot be bundled. */
function copyBinaries() {
  mkdirSync(outdir, { recursive: true });
  const binary = 'tfjs-backend-wasm-simd.wasm';
  copyFileSync(`node_modules/@tensorflow/tfjs-backend-wasm/dist/${binary}`, `${outdir}/${binary}`);
  const sqlite = 'node-sqlite3-wasm.wasm';
  copyFileSync(`node_modules/node-sqlite3-wasm/dist/${sqlite}`, `${outdir}/${sqlite}`);
}

if (watch) {
  copyBinaries();
  for (const build of builds) await (await esbuild.context(build)).watch();
} else {
  rmSync(outdir, { recursive: true, force: true });
  copyBinaries();
  await Promise.all(builds.map(build => esbuild.build(build)));
}
