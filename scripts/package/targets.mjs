// The packages that are made: each holds the native code of its own platform only.
import { join } from 'node:path';
import { root } from '../setup.mjs';

/**
 * @typedef {object} Target
 * @property {string} name as vsce calls it, or `universal`
 * @property {{ os: string, cpu: string }} platform as npm calls it; WebAssembly where there is no native code
 * @property {number} megabytes the most the package may weigh: its size and a tenth more when this was written, so
 *   that neither a second copy of a library nor another platform's slips in unseen
 */

/** @type {readonly Target[]} */
export const targets = [
  { name: 'linux-x64', platform: { os: 'linux', cpu: 'x64' }, megabytes: 42 },
  { name: 'linux-arm64', platform: { os: 'linux', cpu: 'arm64' }, megabytes: 34 },
  { name: 'darwin-arm64', platform: { os: 'darwin', cpu: 'arm64' }, megabytes: 37 },
  { name: 'win32-x64', platform: { os: 'win32', cpu: 'x64' }, megabytes: 54 },
  { name: 'universal', platform: { os: 'linux', cpu: 'wasm32' }, megabytes: 17 },
];

/** Patterns of the native files that a package needs, each matching at least one file. */
export function nativeFiles({ name, platform: { os, cpu } }) {
  if (name === 'universal') {
    return [
      'node_modules/@img/sharp-wasm32/**',
      'node_modules/@emnapi/runtime/{package.json,LICENSE,index.js,dist/emnapi.cjs*.js}',
    ];
  }
  const runtime = `node_modules/onnxruntime-node/bin/napi-v6/${os}/${cpu}`;
  const libraries = {
    linux: [`${runtime}/libonnxruntime.so.*`],
    // The package holds it twice, under its name and its versioned name; the first is loaded.
    darwin: [`${runtime}/libonnxruntime.[0-9].dylib`],
    win32: ['onnxruntime', 'DirectML', 'dxcompiler', 'dxil'].map(library => `${runtime}/${library}.dll`),
  };
  const images = [`node_modules/@img/sharp-${os}-${cpu}/**`];
  if (os !== 'win32') images.push(`node_modules/@img/sharp-libvips-${os}-${cpu}/**`);
  return [`${runtime}/onnxruntime_binding.node`, ...libraries[os], ...images];
}

/** Name of the target for this machine; the portable one where there is no other. */
export function hostTarget() {
  const own = targets.find(({ name }) => name === `${process.platform}-${process.arch}`);
  return own?.name ?? 'universal';
}

/** Where a target's package is put. */
export function packageFile(name) {
  return join(root, 'out', `focal-lens-${name}.vsix`);
}
