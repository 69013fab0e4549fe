import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openFile, runCommand } from '../../scripts/vscode/workbench.mjs';
import { inspectCenter, shownLens } from './support/lens.mjs';
import { quickPickRow, reload } from './support/workbench.mjs';

export const title = 'without a model it asks for one of those in the workspace, and remembers it';
/** A small window. */
export const viewport = { width: 1000, height: 600 };

export async function run(session) {
  const folder = session.copySample();
  rmSync(join(folder, '.vscode'), { recursive: true });
  const page = await session.open(folder);
  await openFile(page, 'images/harbour-09.jpg');
  await runCommand(page, 'Focal Lens: Analyze Image');
  await quickPickRow(page, 'Browse').waitFor();
  await quickPickRow(page, 'model.safetensors').click();
  await inspectCenter(page, await shownLens(page, 'harbour-09.jpg'));
  await reload(page, 'mainThreadWebview-focalLens.lens', 'restore');
  await shownLens(page, 'harbour-09.jpg');
}
