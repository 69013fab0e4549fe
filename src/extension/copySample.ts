import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Name of the sample's folder where users keep it. */
const folderName = 'focal-lens-harbour';

/** What users get of the sample: not the truth about its planted errors, which they are to find. */
const parts = ['images', 'labels.json', 'model.safetensors', 'model.json', 'README.md', '.vscode'] as const;

/** The copy of the sample that a folder already holds. */
export async function existingSample(parent: string): Promise<string | undefined> {
  const folder = join(parent, folderName);
  return (await exists(join(folder, 'labels.json'))) ? folder : undefined;
}

/**
 * Copies the sample into a new folder inside `parent`, all of it or nothing.
 * @param source the sample as the extension ships it
 * @returns the new folder
 */
export async function copySample(source: string, parent: string): Promise<string> {
  const target = await freeName(parent);
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    await mkdir(partial, { recursive: true });
    for (const part of parts) await cp(join(source, part), join(partial, part), { recursive: true });
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  return target;
}

async function freeName(parent: string): Promise<string> {
  for (let number = 1; ; number++) {
    const target = join(parent, number === 1 ? folderName : `${folderName}-${number}`);
    if (!(await exists(target))) return target;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
