import { build } from 'esbuild';
import { copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Lets a bundle outside the project find the packages that stay out of it. */
export const bundleEnvironment = { NODE_PATH: resolve('node_modules') };

/**
 * Bundles an entry of `src` for Node as esbuild.mjs does, into `folder`, with those of its threads and SQLite
 * beside it; returns the file.
 */
export async function bundle(entry: 'engine' | 'cli', folder: string): Promise<string> {
  await build({
    entryPoints: {
      [entry]: `src/${entry}/main.ts`,
      inference: 'src/engine/inference/main.ts',
      analysis: 'src/engine/imageAnalysis/main.ts',
    },
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['vscode', 'onnxruntime-node', 'sharp', 'node-fetch'],
    logLevel: 'error',
  });
  const sqlite = 'node-sqlite3-wasm.wasm';
  await copyFile(`node_modules/node-sqlite3-wasm/dist/${sqlite}`, join(folder, sqlite));
  return join(folder, `${entry}.js`);
}
