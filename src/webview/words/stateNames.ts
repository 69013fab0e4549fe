import type { AnchorState } from '../../protocol/analysis';

export const stateNames = {
  1: 'foreground',
  0: 'background',
  [-2]: 'ignored',
} as const satisfies Record<AnchorState, string>;
