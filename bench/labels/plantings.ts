import type { PlantOptions } from './plant';
import { errorKinds, type ErrorKind } from './types';

export const publishedKinds: readonly ErrorKind[] = ['drop', 'flip', 'shift', 'spawn'];

/** The three plantings of a seed: the published protocol, with duplicates besides, and in 3 of 10 images only. */
export function plantings(seed: number): readonly PlantOptions[] {
  return [
    { seed: seed * 10, kinds: publishedKinds, rate: 0.2, imageShare: 1 },
    { seed: seed * 10 + 1, kinds: errorKinds, rate: 0.2, imageShare: 1 },
    { seed: seed * 10 + 2, kinds: publishedKinds, rate: 0.2, imageShare: 0.3 },
  ];
}
