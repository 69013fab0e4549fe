/** The parts that a filter is put together from: states, bands, aspect ratios and sizes. */
import { breakdownGroups } from '../../protocol/analysis';
import { everyShape } from './anchorFilter';

export const states = ['foreground', 'background', 'ignored'] as const;
export const bands = ['easy', 'moderate', 'hard'] as const;
export type FilterPart = (typeof states)[number] | (typeof bands)[number];

/** Whether a part is on: any of its groups is. */
export function hasPart(groups: number, part: FilterPart): boolean {
  return breakdownGroups.some((group, i) => group.split('/').includes(part) && hasShape(groups, i));
}

/** Whether no other state, or band, is on. */
export function isLast(groups: number, part: FilterPart): boolean {
  const kind: readonly FilterPart[] = isBand(part) ? bands : states;
  return hasPart(groups, part) && kind.every(other => other === part || !hasPart(groups, other));
}

/**
 * The groups of all states and bands that are on after a change. The last one of its kind stays on. Ignored anchors have
 * no band: they go when a band goes, and come back when all bands and states are on again.
 */
export function withPart(groups: number, changed: FilterPart, on: boolean): number {
  if (!on && isLast(groups, changed)) return groups;
  const isOn = (part: FilterPart) => (part === changed ? on : hasPart(groups, part));
  // With ignored anchors alone no band is on, and switching a state on means all of its bands.
  const anyBand = bands.some(isOn);
  const everyBand = bands.every(isOn);
  let next = 0;
  breakdownGroups.forEach((group, i) => {
    const [state, band] = group.split('/') as [FilterPart, FilterPart | undefined];
    const keeps = band === undefined ? keepsIgnored() : isOn(state) && (!anyBand || isOn(band));
    if (keeps) next |= 1 << i;
  });
  return next === 0 ? groups : next;

  function keepsIgnored(): boolean {
    if (!isBand(changed)) return isOn('ignored');
    return everyBand && (isOn('ignored') || (isOn('foreground') && isOn('background')));
  }
}

/** Whether a mask of groups, aspect ratios or sizes has a bit. */
export function hasShape(mask: number, index: number): boolean {
  return (mask & (1 << index)) !== 0;
}

export function isLastShape(mask: number, index: number, count: number): boolean {
  return (mask & ((1 << count) - 1)) === 1 << index;
}

/** A mask of `count` aspect ratios or sizes after a change of one of them; the last one stays on. */
export function withShape(mask: number, index: number, on: boolean, count: number): number {
  const all = (1 << count) - 1;
  const next = (on ? mask | (1 << index) : mask & ~(1 << index)) & all;
  return next === 0 ? mask : next === all ? everyShape : next;
}

function isBand(part: FilterPart): boolean {
  return bands.some(band => band === part);
}
