import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The native packages of TensorFlow.js, the one for GPUs first. */
export const tensorFlowPackages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

export interface InstalledTensorFlow {
  readonly name: (typeof tensorFlowPackages)[number];
  readonly version: string;
  readonly folder: string;
}

/**
 * The first native TensorFlow.js in the `node_modules` of `folders`, in their order. Loading it runs its code: pass
 * folders that the user trusts. Their parents are not searched.
 */
export async function findTensorFlow(folders: readonly string[]): Promise<InstalledTensorFlow | undefined> {
  for (const parent of folders) {
    for (const name of tensorFlowPackages) {
      const folder = resolve(parent, 'node_modules', name);
      const version = await versionOf(join(folder, 'package.json'));
      if (version !== undefined) return { name, version, folder };
    }
  }
  return undefined;
}

async function versionOf(manifest: string): Promise<string | undefined> {
  try {
    const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? version : 'of unknown version';
  } catch {
    return undefined;
  }
}
