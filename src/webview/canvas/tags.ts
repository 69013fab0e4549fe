import type { CornerBox } from '../../common/boxes';
import type { Size } from './viewport';

/** A name that belongs to a box; CSS pixels on the stage. */
export interface Tag {
  readonly text: string;
  readonly color: string;
  /** Above the box's top left corner, or below its bottom left one. */
  readonly side: 'above' | 'below';
  readonly width: number;
  readonly box: CornerBox;
}

export interface PlacedTag {
  readonly x: number;
  readonly y: number;
  readonly tag: Tag;
}

/** Boxes narrower than this have no room for a name; zooming in brings it back. */
const narrowest = 14;

/**
 * Finds room for tags in the order given, on the stage and without overlaps; tags without room are left out.
 * A tag that does not fit outside its box goes inside.
 */
export function placeTags(tags: readonly Tag[], stage: Size, height: number): PlacedTag[] {
  const placed: PlacedTag[] = [];
  for (const tag of tags) {
    const [x1, y1, x2, y2] = tag.box;
    if (x2 < 0 || y2 < 0 || x1 > stage.width || y1 > stage.height || x2 - x1 < narrowest) continue;
    const x = Math.max(0, Math.min(x1 - 1, stage.width - tag.width));
    const above = [y1 - height - 1, Math.max(0, y1 + 2)];
    const below = [y2 + 1, Math.min(stage.height - height, y2 - height - 2)];
    const y = (tag.side === 'above' ? above : below).find(
      candidate =>
        candidate >= 0 &&
        candidate + height <= stage.height &&
        !placed.some(
          p => x < p.x + p.tag.width && p.x < x + tag.width && candidate < p.y + height && p.y < candidate + height,
        ),
    );
    if (y !== undefined) placed.push({ x, y, tag });
  }
  return placed;
}
