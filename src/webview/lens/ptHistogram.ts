import { anchorState } from '../../protocol/analysis';
import type { AnchorColumns } from '../../protocol/anchorColumns';

/** Anchors by p_t in equal bins of [0, 1], easiest last; p_t 1 falls into the last bin. */
export interface PtHistogram {
  readonly bins: number;
  readonly foreground: Uint32Array;
  readonly background: Uint32Array;
}

/** Ignored anchors have no p_t and are not counted. */
export function ptHistogram({ pt, state }: Pick<AnchorColumns, 'pt' | 'state'>, bins = 20): PtHistogram {
  const foreground = new Uint32Array(bins);
  const background = new Uint32Array(bins);
  for (let i = 0; i < pt.length; i++) {
    if (state[i] === anchorState.ignored) continue;
    const bin = Math.min(bins - 1, Math.floor(pt[i] * bins));
    (state[i] === anchorState.foreground ? foreground : background)[bin]++;
  }
  return { bins, foreground, background };
}
