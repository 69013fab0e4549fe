// npm run package: a .vsix for this platform in out/, with the production bundles and only this platform's native code.
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build, installPackages, root, run } from './setup.mjs';

const target = `${process.platform}-${process.arch}`;
const file = join(root, 'out', `focal-lens-${target}.vsix`);
installPackages();
build('--production');
mkdirSync(join(root, 'out'), { recursive: true });
run('npx', ['vsce', 'package', '--target', target, '--out', file, '--allow-missing-repository']);
console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
