// npm run package [-- TARGET ...]: .vsix files in out/, for every target or those named, opened and checked.
// `host` stands for the machine's own. Builds into a folder of its own: dist/ stays what it is.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { checkPackage } from './package/checkPackage.mjs';
import { packedBy, packedReadme } from './package/packedReadme.mjs';
import { hostTarget, nativeFiles, packageFile, targets } from './package/targets.mjs';
import { build, installPackages, root, run } from './setup.mjs';

const named = process.argv.slice(2).map(name => (name === 'host' ? hostTarget() : name));
const unknown = named.filter(name => !targets.some(target => target.name === name));
if (unknown.length > 0) {
  console.error(`No such target: ${unknown.join(', ')}. There are: ${targets.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
const stages = mkdtempSync(join(tmpdir(), 'focal-lens-package-'));
process.on('exit', () => rmSync(stages, { recursive: true, force: true }));
installPackages();
const bundles = join(stages, 'dist');
build('--production', '--outdir', bundles);
mkdirSync(join(root, 'out'), { recursive: true });
for (const target of targets.filter(({ name }) => named.length === 0 || named.includes(name))) {
  const file = packageFile(target.name);
  const stage = join(stages, target.name);
  pack(target, file, stage);
  rmSync(stage, { recursive: true });
  const { megabytes, files } = await checkPackage(file, target).catch(error => {
    console.error(error.message);
    process.exit(1);
  });
  console.log(`${relative(root, file)}: ${files} files, ${megabytes.toFixed(1)} MB (at most ${target.megabytes} MB)`);
}

/** Packs a copy of what ships, with the packages that npm installs on the target's platform. */
function pack(target, file, stage) {
  const parts = [
    'package.json',
    'package-lock.json',
    'package.nls.json',
    '.npmrc',
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
  ];
  for (const part of [...parts, 'media', 'examples']) cpSync(join(root, part), join(stage, part), { recursive: true });
  cpSync(bundles, join(stage, 'dist'), { recursive: true });
  const { os, cpu } = target.platform;
  run('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error', `--os=${os}`, `--cpu=${cpu}`], {
    cwd: stage,
    stdio: ['ignore', process.stderr, process.stderr],
  });
  const patterns = nativeFiles(target).map(pattern => `!${pattern}\n`);
  const ignore = readFileSync(join(root, '.vscodeignore'), 'utf8') + patterns.join('');
  writeFileSync(join(stage, '.vscodeignore'), ignore);
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  writeFileSync(join(stage, 'README.md'), packedReadme(readme, packedBy(ignore)));
  const platform = target.name === 'universal' ? [] : ['--target', target.name];
  // The README's links stay relative: the repository's address is not ours to name.
  const links = ['--allow-missing-repository', '--no-rewrite-relative-links'];
  runVsce(['package', ...platform, '--out', file, ...links], stage);
}

/** A warning of vsce is about something that users would meet: it ends the process as an error does. */
function runVsce(args, cwd) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [vsce, ...args], { cwd, encoding: 'utf8' });
  const output = `${stdout}${stderr}`;
  if (status === 0 && !/\bwarning\b/i.test(output)) return;
  console.error(`vsce ${args.join(' ')}:\n${output}`);
  process.exit(status || 1);
}
