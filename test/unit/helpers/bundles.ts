import { build } from 'esbuild';
import { join, resolve } from 'node:path';

/** Lets a bundle outside the project find the packages that stay out of it. */
export const bundleEnvironment = { NODE_PATH: resolve('node_modules') };

/**
 * Bundles an entry of `src` for Node as esbuild.mjs does, into `folder`, with the inference thread's beside it;
 * returns the file.
 */
export async function bundle(entry: 'engine' | 'cli', folder: string): Promise<string> {
  await build({
    entryPoints: { [entry]: `src/${entry}/main.ts`, inference: 'src/engine/inference/main.ts' },
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['vscode', 'onnxruntime-node', 'sharp'],
    logLevel: 'error',
  });
  return join(folder, `${entry}.js`);
}
