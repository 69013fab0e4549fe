// npm run package: a .vsix for this platform in out/, with the production bundles and only this platform's native code.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, installPackages, root, run } from './setup.mjs';

const target = `${process.platform}-${process.arch}`;
const file = join(root, 'out', `focal-lens-${target}.vsix`);
installPackages();
build('--production');
mkdirSync(join(root, 'out'), { recursive: true });
// onnxruntime-node brings the libraries of every platform: 90 MB that this package has no use for.
const everyPlatform = '!node_modules/onnxruntime-node/bin/**';
const list = readFileSync(join(root, '.vscodeignore'), 'utf8');
if (!list.includes(everyPlatform)) throw new Error(`.vscodeignore does not name ${everyPlatform}`);
const ignoreFile = join(root, 'out', 'vscodeignore');
const thisPlatform = `!node_modules/onnxruntime-node/bin/*/${process.platform}/${process.arch}/**`;
writeFileSync(ignoreFile, list.replace(everyPlatform, thisPlatform));
// The README's pictures are relative to the repository, whose address is not ours to name.
const links = ['--allow-missing-repository', '--no-rewrite-relative-links'];
run('npx', ['vsce', 'package', '--target', target, '--out', file, '--ignoreFile', ignoreFile, ...links]);
console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
