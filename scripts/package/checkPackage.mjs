// Opens a finished .vsix: nothing missing, nothing superfluous, not too large.
import { statSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { minimatch } from 'minimatch';
import yauzl from 'yauzl';
import { linkedFiles } from './packedReadme.mjs';
import { nativeFiles } from './targets.mjs';

const sample = 'examples/harbour';
const needed = [
  'package.json',
  'package.nls.json',
  'readme.md',
  'changelog.md',
  'LICENSE.txt',
  // extension.js is named by the manifest; it finds the others beside itself.
  'dist/engine.js',
  'dist/inference.js',
  'dist/analysis.js',
  'dist/tensorflow.js',
  'dist/tfjs-backend-wasm-simd.wasm',
  'dist/node-sqlite3-wasm.wasm',
  'dist/webview.js',
  'dist/webview.css',
  'dist/mapping.js',
  'dist/mapping.css',
  'dist/overview.js',
  'dist/overview.css',
  'dist/gallery.js',
  'dist/gallery.css',
  'media/icon.svg',
  `${sample}/README.md`,
  `${sample}/labels.json`,
  `${sample}/model.json`,
  `${sample}/model.safetensors`,
  `${sample}/.vscode/settings.json`,
  'node_modules/onnxruntime-common/package.json',
  'node_modules/onnxruntime-node/package.json',
  'node_modules/sharp/package.json',
];
const unwanted = [
  '**/*.{map,ts,tsbuildinfo,md5,sqlite,vsix,py,pth}',
  '{src,test,bench,scripts,training,docs,out}/**',
  'node_modules/**/{test,tests,docs,example,examples}/**',
  // The answers that users of the sample are to find themselves.
  '**/{labels.clean,planted}.json',
  // Pictures of the README, which VS Code does not show from inside a package.
  'media/!(icon).{png,webp}',
];
/** All else is superfluous. */
const expected = ['{dist,media,node_modules}/**', `${sample}/**`, '{package,package.nls*}.json', '*.{md,txt}'];
const native = '**/{*.node,*.dll,*.dylib,*.so,*.so.*}';

/** What to do about each kind of finding. */
const remedies = {
  missing: 'let esbuild.mjs or npm make it and .vscodeignore keep it',
  named: `make the file, or take its name out of package.json or ${sample}/labels.json`,
  linked: 'pack the file, or let scripts/package/packedReadme.mjs take the link out',
  superfluous: 'exclude it in .vscodeignore, or expect it in scripts/package/checkPackage.mjs',
  foreign: 'exclude it in .vscodeignore, or name it in scripts/package/targets.mjs',
  large: 'find what grew, or raise the bound in scripts/package/targets.mjs',
};

/**
 * @param {string} file
 * @param {import('./targets.mjs').Target} target
 * @returns {Promise<{ megabytes: number, files: number }>}
 * @throws Error that lists all that is wrong with the package, and what to do about it
 */
export async function checkPackage(file, target) {
  const { names, named, linked } = await contents(file).catch(error => {
    throw new Error(`${file}: not a sound .vsix (${error.message}): remove it and run \`npm run package\` again`, {
      cause: error,
    });
  });
  const itsNative = nativeFiles(target);
  const megabytes = statSync(file).size / 1e6;
  const isOneOf = patterns => name => patterns.some(pattern => matches(name, pattern));
  const wrong = [
    ...[...needed, ...itsNative]
      .filter(pattern => !names.some(name => matches(name, pattern)))
      .map(pattern => `${pattern} is missing: ${remedies.missing}`),
    ...named.filter(name => !names.includes(name)).map(name => `${name} is named and missing: ${remedies.named}`),
    ...linked
      .filter(name => !names.includes(name))
      .map(name => `${name} is linked in the README and missing: ${remedies.linked}`),
    ...names
      .filter(name => isOneOf(unwanted)(name) || !isOneOf(expected)(name))
      .map(name => `${name} is superfluous: ${remedies.superfluous}`),
    ...names
      .filter(name => matches(name, native) && !isOneOf(itsNative)(name))
      .map(name => `${name} is of another platform: ${remedies.foreign}`),
  ];
  if (megabytes > target.megabytes)
    wrong.push(`${megabytes.toFixed(1)} MB, more than ${target.megabytes} MB: ${remedies.large}`);
  if (wrong.length > 0) throw new Error(`${file}:\n  ${wrong.join('\n  ')}`);
  return { megabytes, files: names.length };
}

/** Paths that a manifest gives: bundles, icons, pages of walkthroughs, schemas. */
function namedFiles(manifest) {
  const { main, icon, bin, contributes } = manifest;
  const found = new Set();
  const visit = value => {
    if (typeof value === 'string' && /^(\.\/)?(dist|media)\/[^*]+\.\w+$/.test(value))
      found.add(value.replace('./', ''));
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit({ main, icon, bin, contributes });
  return [...found];
}

function matches(name, pattern) {
  return minimatch(name, pattern, { dot: true });
}

/** Paths of the extension's files in a .vsix, which is a zip, and the paths that its manifest, its sample and its README name. */
async function contents(file) {
  const zip = await yauzl.openPromise(file, { autoClose: false });
  try {
    const entries = new Map();
    for await (const entry of zip.eachEntry()) {
      const [, name] = /^extension\/(.+)$/.exec(entry.fileName) ?? [];
      if (name !== undefined) entries.set(name, entry);
    }
    const read = async name => {
      const entry = entries.get(name);
      return entry && text(await zip.openReadStreamPromise(entry));
    };
    const parsed = async name => {
      const content = await read(name);
      if (content === undefined) return undefined;
      try {
        return JSON.parse(content);
      } catch (error) {
        throw new Error(`${name}: ${error.message}`, { cause: error });
      }
    };
    const images = (await parsed(`${sample}/labels.json`))?.images ?? [];
    const named = [
      ...namedFiles((await parsed('package.json')) ?? {}),
      ...images.map(image => `${sample}/images/${image.file_name}`),
    ];
    return { names: [...entries.keys()], named, linked: linkedFiles((await read('readme.md')) ?? '') };
  } finally {
    zip.close();
  }
}
