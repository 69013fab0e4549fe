import type { CornerBox } from '../../common/boxes';
import type { Point, Size } from './viewport';

/** A name that belongs to a box; CSS pixels on the stage. */
export interface Tag {
  readonly text: string;
  readonly color: string;
  /** Above the box's top left corner, or below its bottom left one. */
  readonly side: 'above' | 'below';
  readonly width: number;
  readonly box: CornerBox;
  /** Of something that is pointed at or pinned: shown in any crowd, whatever it covers. */
  readonly always?: boolean;
  /** Drawn on its color, to stand out. */
  readonly filled?: boolean;
}

export interface PlacedTag {
  readonly x: number;
  readonly y: number;
  readonly tag: Tag;
}

/** Where names may go; CSS pixels on the stage. */
export interface TagRoom {
  readonly stage: Size;
  /** Where the picture is; it may reach beyond the stage. */
  readonly picture: CornerBox;
  /** What is to be seen: names keep off these. */
  readonly boxes: readonly CornerBox[];
  /** Of a name. */
  readonly height: number;
}

/** Boxes narrower than this have no room for a name; zooming in brings it back. */
const narrowest = 14;
/** Width of a usual name. */
const usual = 60;
/** Share of the picture in sight that names may cover; beyond it they would hide what they name. */
const crowded = 0.25;
/** Share of any box that a name may cover. */
const covered = 0.3;

/**
 * Finds room for tags in the order given, on the stage, without overlaps and without hiding what is in a box; tags
 * without room are left out. A tag that does not fit outside its box goes inside or beside it. In a crowd, boxes smaller
 * than a name stay without.
 */
export function placeTags(tags: readonly Tag[], room: TagRoom): PlacedTag[] {
  const { stage, height } = room;
  const boxes = room.boxes.filter(box => isOn(stage, box) && areaOf(box) > 0);
  const placed: PlacedTag[] = [];
  for (const tag of worthNaming(tags, room)) {
    const isFree = ({ x, y }: Point) =>
      x >= 0 &&
      y >= 0 &&
      x + tag.width <= stage.width &&
      y + height <= stage.height &&
      !placed.some(p => x < p.x + p.tag.width && p.x < x + tag.width && y < p.y + height && p.y < y + height);
    const places = placesOf(tag, stage, height);
    const clear = places.find(
      place => isFree(place) && boxes.every(box => !hides(place, tag.width, height, box, areaOf(box))),
    );
    const place = clear ?? (tag.always === true ? (places.find(isFree) ?? onStage(places[0], tag, room)) : undefined);
    if (place !== undefined) placed.push({ ...place, tag });
  }
  return placed;
}

/**
 * A name that is not wider than `most`: its middle gives way, so that the number or score at its end stays.
 * @param tail how many characters at its end stay
 */
export function shortName(text: string, tail: number, most: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= most) return text;
  const characters = [...text];
  const end = characters.slice(characters.length - tail).join('');
  const kept = widthOf(`…${end}`) <= most ? end : '';
  let [fits, tooLong] = [0, characters.length];
  while (fits + 1 < tooLong) {
    const middle = (fits + tooLong) >> 1;
    if (widthOf(`${characters.slice(0, middle).join('')}…${kept}`) <= most) fits = middle;
    else tooLong = middle;
  }
  return `${characters.slice(0, fits).join('').trimEnd()}…${kept}`;
}

/** Outside its box on its side, inside, to the right and to the left. */
function placesOf({ box: [x1, y1, x2, y2], side, width }: Tag, stage: Size, height: number): readonly Point[] {
  const x = Math.max(0, Math.min(x1 - 1, stage.width - width));
  const outside = side === 'above' ? y1 - height - 1 : y2 + 1;
  const inside = side === 'above' ? Math.max(0, y1 + 2) : Math.min(stage.height - height, y2 - height - 2);
  const beside = side === 'above' ? y1 - 1 : y2 - height + 1;
  return [
    { x, y: outside },
    { x, y: inside },
    { x: x2 + 2, y: beside },
    { x: x1 - width - 2, y: beside },
  ];
}

function onStage(place: Point | undefined, tag: Tag, { stage, height }: TagRoom): Point {
  return {
    x: Math.max(0, Math.min(place?.x ?? 0, stage.width - tag.width)),
    y: Math.max(0, Math.min(place?.y ?? 0, stage.height - height)),
  };
}

function hides({ x, y }: Point, width: number, height: number, [x1, y1, x2, y2]: CornerBox, area: number): boolean {
  const across = Math.min(x + width, x2) - Math.max(x, x1);
  const down = Math.min(y + height, y2) - Math.max(y, y1);
  return across > 0 && down > 0 && across * down > covered * area;
}

/** The tags of boxes on the stage that are large enough to be named. */
function worthNaming(tags: readonly Tag[], { stage, picture, height }: TagRoom): readonly Tag[] {
  const shown = tags.filter(({ box, always }) => isOn(stage, box) && (always === true || box[2] - box[0] >= narrowest));
  const names = shown.reduce((sum, { width }) => sum + width * height, 0);
  const [x1, y1, x2, y2] = picture;
  const inSight: CornerBox = [Math.max(0, x1), Math.max(0, y1), Math.min(stage.width, x2), Math.min(stage.height, y2)];
  if (names <= crowded * areaOf(inSight)) return shown;
  return shown.filter(({ box, width, always }) => always === true || areaOf(box) >= Math.max(usual, width) * height);
}

function isOn(stage: Size, [x1, y1, x2, y2]: CornerBox): boolean {
  return x2 >= 0 && y2 >= 0 && x1 <= stage.width && y1 <= stage.height;
}

function areaOf([x1, y1, x2, y2]: CornerBox): number {
  return Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
}
