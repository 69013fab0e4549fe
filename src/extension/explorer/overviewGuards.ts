import type { Guards } from '../../common/messageHandler';
import { breakdownGroups, type BreakdownGroup } from '../../protocol/analysis';
import type { OverviewMethods, OverviewPart } from '../../protocol/overview';

const parts: readonly OverviewPart[] = ['category', 'level', 'band'];
const longestName = 10_000;

/** Checks of what the overview's page asks: it shows names of data sets and is not trusted. */
export const overviewGuards: Guards<OverviewMethods> = {
  getState: isNothing,
  filter: (params): params is OverviewMethods['filter']['params'] => {
    if (typeof params !== 'object' || params === null) return false;
    const { part, value } = params as { readonly part?: unknown; readonly value?: unknown };
    if (!parts.some(known => known === part)) return false;
    if (value === undefined || value === null) return true;
    return typeof value === 'string' && value.length <= longestName && (part !== 'band' || isGroup(value));
  },
  analyzeDataset: isNothing,
  cancelRun: isNothing,
};

export function isGroup(value: string): value is BreakdownGroup {
  return breakdownGroups.some(group => group === value);
}

// undefined becomes null on some channels.
function isNothing(params: unknown): params is undefined {
  return params === undefined || params === null;
}
