import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

/**
 * A software Vulkan that Debian's Chromium brings along: very slow, but a GPU all the same. The loader lies beside it: a
 * bare system has none of its own.
 */
export const softwareVulkan = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Lets programs find one Vulkan driver, by its manifest, and no other. */
export function vulkanEnvironment(manifest: string): NodeJS.ProcessEnv {
  const loaders = [process.env.LD_LIBRARY_PATH, dirname(softwareVulkan)].filter(Boolean).join(delimiter);
  return {
    VK_ICD_FILENAMES: manifest,
    VK_DRIVER_FILES: undefined,
    VK_ADD_DRIVER_FILES: undefined,
    LD_LIBRARY_PATH: loaders,
  };
}

/** Whether there is a C compiler to make {@link writeCrashingVulkan}'s driver with. */
export const hasCompiler = process.platform === 'linux' && spawnSync('gcc', ['--version']).status === 0;

/** A Vulkan driver that takes every process down that loads it; returns its manifest. */
export async function writeCrashingVulkan(folder: string): Promise<string> {
  const [source, library, manifest] = ['c', 'so', 'json'].map(ending => join(folder, `crash.${ending}`));
  await writeFile(source, '__attribute__((constructor)) static void crash(void) { *(volatile int *)0 = 1; }\n');
  const { status, stderr } = spawnSync('gcc', ['-shared', '-fPIC', '-o', library, source], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const ICD = { library_path: library, api_version: '1.3.0' };
  await writeFile(manifest, JSON.stringify({ file_format_version: '1.0.0', ICD }));
  return manifest;
}
