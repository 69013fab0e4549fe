import type { BandThresholds } from '../../protocol/analysis';

export type Band = 'easy' | 'moderate' | 'hard';

export function bandOf(pt: number, bands: BandThresholds): Band {
  return pt >= bands.easy ? 'easy' : pt < bands.hard ? 'hard' : 'moderate';
}
