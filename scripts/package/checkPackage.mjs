// Opens a finished .vsix: nothing missing, nothing superfluous, not too large.
import { statSync } from 'node:fs';
import { minimatch } from 'minimatch';
import yauzl from 'yauzl';
import { nativeFiles } from './targets.mjs';

const needed = [
  'package.json',
  'package.nls.json',
  'readme.md',
  'changelog.md',
  'LICENSE.txt',
  'dist/extension.js',
  'dist/engine.js',
  'dist/cli.js',
  'dist/webview.js',
  'dist/webview.css',
  'media/icon.png',
  'media/model-card.schema.json',
  'node_modules/onnxruntime-common/package.json',
  'node_modules/onnxruntime-node/package.json',
  'node_modules/sharp/package.json',
];
const unwanted = [
  '**/*.{map,ts,tsbuildinfo,md5}',
  '{src,test,bench,scripts,training}/**',
  '**/{labels.clean,planted}.json',
];
const native = '**/{*.node,*.dll,*.dylib,*.so,*.so.*}';

/**
 * @returns {Promise<{ megabytes: number, files: number }>}
 * @throws Error that lists all that is wrong with the package
 */
export async function checkPackage(file, target) {
  const names = await entries(file);
  const itsNative = nativeFiles(target);
  const megabytes = statSync(file).size / 1e6;
  const wrong = [
    ...[...needed, ...itsNative]
      .filter(pattern => !names.some(name => matches(name, pattern)))
      .map(p => `${p} is missing`),
    ...names.filter(name => unwanted.some(pattern => matches(name, pattern))).map(name => `${name} is superfluous`),
    ...names
      .filter(name => matches(name, native) && !itsNative.some(pattern => matches(name, pattern)))
      .map(name => `${name} is of another platform`),
  ];
  if (megabytes > target.megabytes) wrong.push(`${megabytes.toFixed(1)} MB, more than ${target.megabytes} MB`);
  if (wrong.length > 0) throw new Error(`${file}:\n  ${wrong.join('\n  ')}`);
  return { megabytes, files: names.length };
}

function matches(name, pattern) {
  return minimatch(name, pattern, { dot: true });
}

/** Paths of the extension's files in a .vsix, which is a zip. */
async function entries(file) {
  const zip = await yauzl.openPromise(file);
  const names = [];
  for await (const { fileName } of zip.eachEntry()) names.push(fileName);
  return names.filter(name => name.startsWith('extension/')).map(name => name.slice('extension/'.length));
}
