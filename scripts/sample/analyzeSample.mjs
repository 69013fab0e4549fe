// The main job on the sample: analyzes all its images, says where the loss sits and what became of the planted errors,
// writes the report and opens VS Code on a copy.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { root, run } from '../setup.mjs';
import { plantedTable, rankPlantedErrors } from './plantedErrors.mjs';

const sample = join(root, 'examples', 'harbour');
const out = join(root, 'out');
const cli = join(root, 'dist', 'cli.js');

export function analyzeSample() {
  mkdirSync(out, { recursive: true });
  const store = join(out, 'harbour.sqlite');
  const report = join(out, 'harbour.html');
  const model = join(sample, 'model.safetensors');
  const options = ['--model', model, '--store', store, '--report', report];
  run(process.execPath, [cli, 'analyze-dataset', join(sample, 'labels.json'), ...options]);
  console.log(`\n${plantedTable(rankPlantedErrors(plantedErrors(), issuesOf(store)))}`);
  console.log(`\nReport: ${relative(root, report)} (open it in a browser)`);
  openEditor();
}

function plantedErrors() {
  return JSON.parse(readFileSync(join(sample, 'planted.json'), 'utf8')).errors;
}

function issuesOf(store) {
  const { stdout, status } = spawnSync(process.execPath, [cli, 'issues', store, '--json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
  return JSON.parse(stdout).issues;
}

/** On a copy: what is corrected there leaves the repository alone. */
function openEditor() {
  const copy = join(out, 'harbour');
  if (!existsSync(copy)) {
    for (const part of ['images', 'labels.json', 'model.safetensors', 'model.json', 'README.md', '.vscode']) {
      cpSync(join(sample, part), join(copy, part), { recursive: true });
    }
  }
  const editorArguments = [`--extensionDevelopmentPath=${root}`, copy];
  const shown = editorArguments.map(argument => argument.replace(root, '.')).join(' ');
  const code = desktopCode();
  if (code === undefined) {
    console.log(`VS Code: to go on in the editor, run code ${shown} in this folder`);
    return;
  }
  console.log(`VS Code: opening the sample (code ${shown})`);
  spawn(code, editorArguments, { cwd: root, stdio: 'ignore', detached: true }).unref();
}

/** The `code` command on the path, where it can show a window: not without a screen, nor as root. */
function desktopCode() {
  if (process.platform === 'win32' || process.getuid?.() === 0) return undefined;
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return undefined;
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, 'code'))
    .find(file => existsSync(file));
}
