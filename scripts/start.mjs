// npm start [-- IMAGE --model WEIGHTS [options of `focal-lens analyze`]]
// Installs and builds what is missing. Bare: analyzes the sample data set. With an image: analyzes it, prints where its
// loss sits and writes the HTML report.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { analyzeSample } from './sample/analyzeSample.mjs';
import { reportNameOf } from './sample/reportName.mjs';
import { build, installPackages, root } from './setup.mjs';

const args = process.argv.slice(2);
installPackages();
build();
if (args.length === 0) analyzeSample();
else analyzeImage();

function analyzeImage() {
  const report = reportNameOf(args);
  if (report !== undefined) {
    mkdirSync(join(root, 'out'), { recursive: true });
    args.push('--report', join(root, 'out', report));
  }
  // Relative paths mean the folder the user called from, not the project's.
  const { status } = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), 'analyze', ...args], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}
