import assert from 'node:assert/strict';
import { openFile, runCommand } from '../../scripts/vscode/workbench.mjs';
import { shownLens, tiles } from './support/lens.mjs';
import { statusBarItem } from './support/workbench.mjs';
import { join } from 'node:path';

export const title = 'the universal package, without native code, analyzes on WebAssembly';
export const target = 'universal';

export async function run(session) {
  const folder = session.copySample();
  const page = await session.open(folder);
  await openFile(page, 'images/harbour-05.jpg');
  await runCommand(page, 'Focal Lens: Analyze Image');
  const lens = await shownLens(page, 'harbour-05.jpg');
  await statusBarItem(page, 'WebAssembly').waitFor();
  const image = join(folder, 'images', 'harbour-05.jpg');
  const model = join(folder, 'model.safetensors');
  const expected = await session.commandLine('analyze', image, '--model', model, '--json');
  assert.equal((await tiles(lens)).classification, expected.loss.classification.toPrecision(3));
}
