import { UserError } from '../common/errors';
import type { AnchorLevel } from '../model/types';

/**
 * Checks one of the network's outputs for NaN and infinities, which would spread through every sum.
 *
 * @param name such as `class logits`
 * @param values row-major [anchors, width]
 * @throws UserError telling how many values of how many are not finite, and where the first one is; whoever knows the
 *   image names it
 */
export function requireFinite(
  name: string,
  values: Float32Array,
  width: number,
  levels: readonly Pick<AnchorLevel, 'name' | 'offset' | 'count' | 'grid'>[],
): void {
  if (allFinite(values)) return;

  const first = values.findIndex(value => !Number.isFinite(value));
  const found = values.reduce((count, value) => (Number.isFinite(value) ? count : count + 1), 0);
  const anchor = Math.floor(first / width);
  const level = levels.find(({ offset, count }) => anchor < offset + count);
  const place = level === undefined ? `anchor ${anchor}` : `${level.name}, ${cellOf(anchor, level)}`;
  throw new UserError(
    `${found} of ${values.length} ${name} that the network gives are not finite (first: ${values[first]} at ${place}, column ${first % width}), expected numbers`,
    {
      remedy:
        'check the checkpoint for huge weights (a diverged training) and the batchNormEps of the model card, or choose another runtime',
    },
  );
}

/** x - x is 0 for finite x, NaN otherwise; four sums that need not wait for one another. */
function allFinite(values: Float32Array): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = values.length - (values.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += values[i] - values[i];
    b += values[i + 1] - values[i + 1];
    c += values[i + 2] - values[i + 2];
    d += values[i + 3] - values[i + 3];
  }
  for (let i = whole; i < values.length; i++) a += values[i] - values[i];
  return a + b + c + d === 0;
}

function cellOf(anchor: number, { offset, count, grid }: Pick<AnchorLevel, 'offset' | 'count' | 'grid'>): string {
  const perCell = count / (grid[0] * grid[1]);
  const cell = Math.floor((anchor - offset) / perCell);
  return `row ${Math.floor(cell / grid[1])}, column ${cell % grid[1]}, anchor ${(anchor - offset) % perCell}`;
}
