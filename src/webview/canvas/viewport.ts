/** Which part of the image the stage shows: image point p appears at p * scale + (x, y), in CSS pixels. */
export interface Viewport {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The stage in CSS pixels, and in device pixels as the browser lays it out. */
export interface StageSize extends Size {
  readonly pixels: Size;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const maxScale = 64;
const margin = 16;

export function toScreen(view: Viewport, { x, y }: Point): Point {
  return { x: x * view.scale + view.x, y: y * view.scale + view.y };
}

export function toImage(view: Viewport, { x, y }: Point): Point {
  return { x: (x - view.x) / view.scale, y: (y - view.y) / view.scale };
}

/** The whole image, centred, with a margin. */
export function fit(stage: Size, image: Size): Viewport {
  return fitBox(stage, { x: 0, y: 0, ...image }, margin);
}

/** A box of the image, centred. */
export function fitBox(stage: Size, box: Point & Size, space: number): Viewport {
  const scale = Math.min(
    maxScale,
    Math.max(1, stage.width - 2 * space) / Math.max(box.width, 1e-6),
    Math.max(1, stage.height - 2 * space) / Math.max(box.height, 1e-6),
  );
  return {
    scale,
    x: stage.width / 2 - (box.x + box.width / 2) * scale,
    y: stage.height / 2 - (box.y + box.height / 2) * scale,
  };
}

/** Of the stage's shorter side, for a box that is to be seen with what is around it. */
const contextShare = 0.3;
/** CSS pixels per image pixel beyond which an image shows nothing more, only larger pixels. */
const closest = 8;

/** A box of the image in the middle, with what is around it. */
export function withContext(stage: Size, box: Point & Size): Viewport {
  const room = Math.min(stage.width, stage.height) * contextShare;
  const scale = Math.min(closest, room / Math.max(box.width, box.height, 1e-6));
  return {
    scale,
    x: stage.width / 2 - (box.x + box.width / 2) * scale,
    y: stage.height / 2 - (box.y + box.height / 2) * scale,
  };
}

/** Zooms by `factor` and keeps the image point under `pointer` where it is. */
export function zoomAt(view: Viewport, pointer: Point, factor: number, stage: Size, image: Size): Viewport {
  const smallest = Math.min(1, fit(stage, image).scale) / 4;
  const scale = Math.min(maxScale, Math.max(smallest, view.scale * factor));
  const ratio = scale / view.scale;
  return clamp(
    { scale, x: pointer.x - (pointer.x - view.x) * ratio, y: pointer.y - (pointer.y - view.y) * ratio },
    stage,
    image,
  );
}

/** Keeps part of the image on the stage. */
export function clamp(view: Viewport, stage: Size, image: Size): Viewport {
  const keep = Math.min(64, stage.width / 4, stage.height / 4);
  const limit = (offset: number, room: number, extent: number) =>
    Math.min(room - keep, Math.max(keep - extent, offset));
  return {
    scale: view.scale,
    x: limit(view.x, stage.width, image.width * view.scale),
    y: limit(view.y, stage.height, image.height * view.scale),
  };
}

/** Leaves no more than a margin empty where the image could fill the stage; centres it where it is smaller. */
export function filled(view: Viewport, stage: Size, image: Size): Viewport {
  const along = (offset: number, room: number, extent: number) =>
    extent <= room ? (room - extent) / 2 : Math.min(margin, Math.max(room - margin - extent, offset));
  return {
    scale: view.scale,
    x: along(view.x, stage.width, image.width * view.scale),
    y: along(view.y, stage.height, image.height * view.scale),
  };
}

/**
 * Between two views at `t` in [0, 1]. Scales go geometrically and offsets linearly in scale, so that a point which
 * both views show at the same place stays there on the way.
 */
export function between(from: Viewport, to: Viewport, t: number): Viewport {
  if (t >= 1) return to;
  const scale = from.scale * (to.scale / from.scale) ** t;
  const change = to.scale - from.scale;
  const share = Math.abs(change) < 1e-9 * from.scale ? t : (scale - from.scale) / change;
  return { scale, x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}
