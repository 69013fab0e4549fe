import { readdirSync } from 'node:fs';
import { delimiter } from 'node:path';

/** Variables of the Vulkan loader that name a driver, also a software one, where the system shows no device. */
const driverVariables = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES', 'VK_ADD_DRIVER_FILES'] as const;

/** The Vulkan driver manifests that were chosen by hand. */
export function chosenDrivers(env: NodeJS.ProcessEnv): string[] {
  return driverVariables.flatMap(name => (env[name] ?? '').split(delimiter)).filter(file => file !== '');
}

/**
 * Whether a GPU may be at hand. On Linux a device node tells, or a Vulkan driver that was chosen by hand: without either
 * the drivers' libraries would only spend seconds and print lines of their own. Elsewhere the drivers themselves tell.
 *
 * @param listDevices names in `/dev`
 */
export function mayHaveGpu(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  listDevices: () => readonly string[] = () => readdirSync('/dev'),
): boolean {
  if (platform !== 'linux') return true;
  if (chosenDrivers(env).length > 0) return true;
  try {
    // DRM nodes, NVIDIA's own, and the GPU of the Windows host under WSL.
    return listDevices().some(name => name === 'dri' || name === 'dxg' || /^nvidia(\d|ctl$)/.test(name));
  } catch {
    return false;
  }
}
