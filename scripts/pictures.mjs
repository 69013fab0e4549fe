// node scripts/pictures.mjs [--packaged] [NAME ...]
// Takes the README's pictures anew, or those named: plays the scenarios of test/e2e that have a picture in it, and keeps it in media/.
import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import sharp from 'sharp';
import { root, run } from './setup.mjs';
import { loadScenarios, scenarioPlayer } from './vscode/scenarios.mjs';

/** Which scenario shows what, and the window it is shown in. */
const pictures = {
  lens: { scenario: 'analyzeImage', viewport: { width: 1360, height: 850 } },
  hover: { scenario: 'hoverLabel', viewport: { width: 1360, height: 850 } },
  explorer: { scenario: 'exploreLosses', viewport: { width: 1360, height: 850 } },
  problems: { scenario: 'fixProblem', viewport: { width: 1360, height: 850 } },
};
const settings = { 'workbench.colorTheme': 'Dark Modern', 'editor.minimap.enabled': false };
/** For dense screens; more is never shown of a picture in a text. */
const mostPixelsAcross = 1800;

if (!process.argv.includes('--packaged')) run(process.execPath, ['scripts/package.mjs', 'host']);
const named = process.argv.slice(2).filter(argument => !argument.startsWith('--'));
const taken = join(root, 'out', 'pictures');
const play = scenarioPlayer(taken);
const scenarios = await loadScenarios();
for (const [name, { scenario, viewport }] of Object.entries(pictures)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const found = scenarios.find(candidate => candidate.name === scenario);
  await play({ ...found, viewport, scale: 2, settings: { ...settings, ...found.settings } });
  const file = join(root, 'media', `${name}.webp`);
  const { width, height } = await sharp(join(taken, `${name}.png`))
    .resize({ width: mostPixelsAcross, withoutEnlargement: true })
    .webp({ quality: 82, effort: 6, smartSubsample: true })
    .toFile(file);
  console.log(`${relative(root, file)}: ${width} x ${height}, ${Math.ceil(statSync(file).size / 1e3)} kB`);
}
process.exit(0);
