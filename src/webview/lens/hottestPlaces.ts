import type { CornerBox } from '../../common/boxes';
import { centredAnchors } from './centredAnchors';
import { anchorBox } from './geometry';
import type { LensImage } from './lensImage';

/** A place of the image that costs much: its strongest anchor, and what all anchors centred in its box carry. */
export interface HotPlace {
  readonly anchor: number;
  readonly box: CornerBox;
  readonly anchors: number;
  readonly focal: number;
  /** Of the image's focal loss, in [0, 1]. */
  readonly share: number;
}

/** Strong anchors stand close together, so more places than asked for are tried and the costliest kept. */
const candidates = 16;

/**
 * Up to `count` places without shared anchors, costliest first: the strongest anchor left claims all anchors that are
 * centred in its box.
 */
export function hottestPlaces(image: LensImage, count: number): HotPlace[] {
  const { analysis, columns } = image;
  let total = 0;
  for (const focal of columns.focal) total += focal;
  const taken = new Uint8Array(columns.focal.length);
  const places: HotPlace[] = [];
  while (places.length < candidates) {
    const anchor = strongest(columns.focal, taken);
    if (anchor === undefined) break;
    const box = anchorBox(analysis, anchor);
    const { anchors, focal } = claim(image, box, taken);
    places.push({ anchor, box, anchors, focal, share: focal / total });
  }
  return places.sort((a, b) => b.focal - a.focal).slice(0, count);
}

function strongest(focal: Float32Array, taken: Uint8Array): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (let i = 0; i < focal.length; i++) {
    const value = focal[i];
    if (value > most && taken[i] === 0) {
      best = i;
      most = value;
    }
  }
  return best;
}

function claim(image: LensImage, box: CornerBox, taken: Uint8Array): { anchors: number; focal: number } {
  let anchors = 0;
  let focal = 0;
  for (const [first, end] of centredAnchors(image, box)) {
    for (let i = first; i < end; i++) {
      if (taken[i] !== 0) continue;
      taken[i] = 1;
      anchors++;
      focal += image.columns.focal[i];
    }
  }
  return { anchors, focal };
}
