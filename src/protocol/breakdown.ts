import { anchorState, breakdownGroups, type BandThresholds, type BreakdownRow } from './analysis';
import type { AnchorColumns } from './anchorColumns';

/**
 * Anchors and losses of the seven groups: foreground and background by easy, moderate and hard, and ignored.
 *
 * @returns one row per group, in the order of `breakdownGroups`; shares are of all anchors and of the image's sums
 */
export function breakdown(
  columns: Pick<AnchorColumns, 'state' | 'pt' | 'crossEntropy' | 'focal'>,
  bands: BandThresholds,
): readonly BreakdownRow[] {
  const { state, pt, crossEntropy, focal } = columns;
  const anchors = new Int32Array(breakdownGroups.length);
  const crossEntropies = new Float64Array(breakdownGroups.length);
  const focals = new Float64Array(breakdownGroups.length);
  const ignored = breakdownGroups.indexOf('ignored');
  const background = breakdownGroups.indexOf('background/easy');
  const foreground = breakdownGroups.indexOf('foreground/easy');
  for (let anchor = 0; anchor < state.length; anchor++) {
    let group = ignored;
    if (state[anchor] !== anchorState.ignored) {
      const band = pt[anchor] < bands.hard ? 2 : pt[anchor] >= bands.easy ? 0 : 1;
      group = (state[anchor] === anchorState.foreground ? foreground : background) + band;
    }
    anchors[group]++;
    crossEntropies[group] += crossEntropy[anchor];
    focals[group] += focal[anchor];
  }
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
  const totalCrossEntropy = total(crossEntropies);
  const totalFocal = total(focals);
  return breakdownGroups.map((group, i) => ({
    group,
    anchors: anchors[i],
    anchorShare: share(anchors[i], state.length),
    crossEntropy: crossEntropies[i],
    crossEntropyShare: share(crossEntropies[i], totalCrossEntropy),
    focal: focals[i],
    focalShare: share(focals[i], totalFocal),
  }));
}
