// npm run bench -- webview: how long the lens works for a frame, from an analysis to its first heatmap, and whether it
// keeps memory, in the Chromium of this machine (or that of $CHROMIUM). Software rendering is not counted.
import * as esbuild from 'esbuild';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../scripts/setup.mjs';

export async function benchWebview() {
  const outfile = join(root, 'out', 'bench', 'webviewFrames.mjs');
  await esbuild.build({
    entryPoints: [join(root, 'bench', 'webviewFrames.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  process.chdir(root);
  await (await import(pathToFileURL(outfile).href)).benchWebview();
}
