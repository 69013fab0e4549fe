import { UserError } from '../common/errors';
import type { AnchorLevel } from '../model/types';

/**
 * Checks one of the network's outputs for NaN and infinities, which would spread through every sum.
 *
 * @param name such as `class logits`
 * @param values row-major [anchors, width]
 * @throws UserError telling how many values of how many anchors are not finite, and where the first one is
 */
export function requireFinite(
  name: string,
  values: Float32Array,
  width: number,
  levels: readonly Pick<AnchorLevel, 'name' | 'offset' | 'count' | 'grid'>[],
): void {
  // x - x is 0 for finite x, NaN otherwise: a sum tells at once whether to look closer.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] - values[i];
  if (sum === 0) return;

  const first = values.findIndex(value => !Number.isFinite(value));
  const found = values.reduce((count, value) => (Number.isFinite(value) ? count : count + 1), 0);
  const anchor = Math.floor(first / width);
  const level = levels.find(({ offset, count }) => anchor < offset + count);
  const place = level === undefined ? `anchor ${anchor}` : `${level.name}, ${cellOf(anchor, level)}`;
  throw new UserError(
    `${found} of ${values.length} ${name} are not finite (first: ${values[first]} at ${place}, column ${first % width}), expected numbers`,
    {
      where: 'network output',
      remedy:
        'check the checkpoint for NaN weights (a diverged training) and the batchNormEps of the model card, or choose another runtime',
    },
  );
}

function cellOf(anchor: number, { offset, count, grid }: Pick<AnchorLevel, 'offset' | 'count' | 'grid'>): string {
  const perCell = count / (grid[0] * grid[1]);
  const cell = Math.floor((anchor - offset) / perCell);
  return `row ${Math.floor(cell / grid[1])}, column ${cell % grid[1]}, anchor ${(anchor - offset) % perCell}`;
}
