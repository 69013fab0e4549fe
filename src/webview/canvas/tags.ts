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
/** Width of a usual name. */
const usual = 60;
/** Share of the stage that names may cover; beyond it they would hide what they name. */
const crowded = 0.4;

/**
 * Finds room for tags in the order given, on the stage and without overlaps; tags without room are left out.
 * A tag that does not fit outside its box goes inside. In a crowd, boxes smaller than a name stay without.
 */
export function placeTags(tags: readonly Tag[], stage: Size, height: number): PlacedTag[] {
  const placed: PlacedTag[] = [];
  for (const tag of worthNaming(tags, stage, height)) {
    const [x1, y1, , y2] = tag.box;
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

/** The tags of boxes on the stage that are large enough to be named. */
function worthNaming(tags: readonly Tag[], stage: Size, height: number): readonly Tag[] {
  const shown = tags.filter(
    ({ box: [x1, y1, x2, y2] }) =>
      x2 >= 0 && y2 >= 0 && x1 <= stage.width && y1 <= stage.height && x2 - x1 >= narrowest,
  );
  const covered = shown.reduce((sum, { width }) => sum + width * height, 0);
  if (covered <= crowded * stage.width * stage.height) return shown;
  return shown.filter(({ box: [x1, y1, x2, y2], width }) => (x2 - x1) * (y2 - y1) >= Math.max(usual, width) * height);
}
