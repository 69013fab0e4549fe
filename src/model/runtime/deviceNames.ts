import { readFileSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename } from 'node:path';
import { chosenDrivers } from './gpuDevices';
import type { Provider } from './providers';

/** PCI vendors of GPUs. */
const vendors: Readonly<Record<string, string>> = { '0x1002': 'AMD', '0x10de': 'NVIDIA', '0x8086': 'Intel' };

/** Names of the hardware that a provider runs on, as far as the system tells without its drivers: best effort. */
export function deviceNames(
  { choice, gpu }: Pick<Provider, 'choice' | 'gpu'>,
  platform: NodeJS.Platform = process.platform,
): string[] {
  // The library knows, and does not tell.
  if (choice === 'tensorflow') return [];
  if (!gpu) return cpus().length === 0 ? [] : [`${cpus()[0].model.trim()}, ${cpus().length} threads`];
  const drivers = choice === 'webgpu' ? chosenDrivers(process.env) : [];
  if (drivers.length > 0) return drivers.map(file => `Vulkan driver ${basename(file)}`);
  if (platform !== 'linux') return [];
  const nvidia = nvidiaNames();
  return nvidia.length > 0 ? nvidia : drmNames();
}

function nvidiaNames(): string[] {
  const folder = '/proc/driver/nvidia/gpus';
  return list(folder).flatMap(entry => /^Model:\s*(.+)$/m.exec(read(`${folder}/${entry}/information`))?.[1] ?? []);
}

function drmNames(): string[] {
  const folder = '/sys/class/drm';
  const cards = list(folder).filter(name => /^card\d+$/.test(name));
  return cards.flatMap(card => {
    const [vendor, device] = ['vendor', 'device'].map(file => read(`${folder}/${card}/device/${file}`).trim());
    return vendor === '' ? [] : [`${vendors[vendor] ?? `vendor ${vendor}`} GPU ${device}`];
  });
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
