import type { OrderMetric } from '../lens/anchorOrder';
import { anchorRecord, type AnchorRecord } from '../lens/anchorRecord';
import type { AnchorHit } from '../lens/hitTest';
import type { LensImage } from '../lens/lensImage';
import { argumentSentence } from './anchorSentence';
import { aspect } from './format';
import { placeInOrder } from './orderWords';
import { stateNames } from './stateNames';

/** Level, size and aspect ratio: what an anchor is called. */
export function anchorName({ level, size, ratio }: AnchorRecord): string {
  return `${level} · ${size} px · ${aspect(ratio)}`;
}

/** One of the anchors of a place, to be heard: what it is, what it argues with, and which of how many. */
export function spokenAnchor(image: LensImage, hits: readonly AnchorHit[], index: number, order: OrderMetric): string {
  const hit = hits[index];
  if (hit === undefined) return 'No anchor here.';
  const record = anchorRecord(image, hit.anchor);
  const name = `${record.level}, ${record.size} pixels, ${aspect(record.ratio)}, ${stateNames[record.state]}.`;
  return `${name} ${argumentSentence(record)} ${capital(placeInOrder(index, hits.length, order))}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

interface Pin {
  readonly anchor: number;
  readonly neighbours: readonly AnchorHit[];
  readonly order: OrderMetric;
}

/** Which anchor is inspected, or compared with the inspected one, to be heard. */
export function spokenPins(
  image: LensImage,
  { pinned, compared }: { readonly pinned: Pin | undefined; readonly compared: Pin | undefined },
): string {
  const pin = compared ?? pinned;
  if (pin === undefined) return 'Nothing is inspected.';
  const index = pin.neighbours.findIndex(({ anchor }) => anchor === pin.anchor);
  return `${compared === undefined ? 'Inspected' : 'Compared'}: ${spokenAnchor(image, pin.neighbours, index, pin.order)}`;
}
