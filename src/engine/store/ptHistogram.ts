import { anchorState } from '../../protocol/analysis';
import type { AnchorColumns } from '../../protocol/anchorColumns';

/** Anchors by p_t in `bins` equal parts of [0, 1], foreground and background apart; the last part holds 1 too. */
export function ptHistogram(
  { state, pt }: Pick<AnchorColumns, 'state' | 'pt'>,
  bins: number,
): { foreground: Int32Array; background: Int32Array } {
  const foreground = new Int32Array(bins);
  const background = new Int32Array(bins);
  for (let i = 0; i < state.length; i++) {
    if (state[i] === anchorState.ignored) continue;
    const bin = Math.min(bins - 1, Math.floor(pt[i] * bins));
    (state[i] === anchorState.foreground ? foreground : background)[bin]++;
  }
  return { foreground, background };
}
