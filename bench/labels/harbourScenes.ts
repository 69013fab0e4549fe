import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { LabelledSource } from './options';

/**
 * Sixty scenes of the sample's generator that are in neither the sample nor the detector's training, nor in any tuning;
 * rendered first where they are not there yet.
 *
 * @throws Error when they cannot be rendered
 */
export function harbourScenes(): LabelledSource {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'focal-lens', 'bench', 'harbour');
  const script = join('bench', 'labels', 'renderScenes.mjs');
  const { status, error } = spawnSync(process.execPath, [script, folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (error !== undefined || status !== 0) throw new Error('the scenes could not be rendered', { cause: error });
  return {
    name: 'Harbour, scenes of the benchmark split',
    dataset: join(folder, 'benchmark', 'labels.json'),
    split: undefined,
    range: undefined,
    model: 'examples/harbour/model.safetensors',
  };
}
