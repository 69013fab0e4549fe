import type { Viewport } from './viewport';

/** What lies on the stage, lowest first. */
export interface StageLayers {
  readonly picture: HTMLImageElement;
  readonly heat: HTMLCanvasElement;
  readonly vectors: HTMLCanvasElement;
}

/** The layers as one canvas of device pixels; what WebGL has drawn can be read in the task that drew it alone. */
export function stageSnapshot({ picture, heat, vectors }: StageLayers, view: Viewport): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = vectors.width;
  canvas.height = vectors.height;
  const context = canvas.getContext('2d');
  if (context === null) return canvas;
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  const zoom = view.scale * devicePixelRatio;
  context.setTransform(zoom, 0, 0, zoom, view.x * devicePixelRatio, view.y * devicePixelRatio);
  context.imageSmoothingEnabled = zoom < 4;
  if (picture.complete && picture.naturalWidth > 0) context.drawImage(picture, 0, 0, picture.width, picture.height);
  context.resetTransform();
  if (heat.style.visibility !== 'hidden') context.drawImage(heat, 0, 0);
  context.drawImage(vectors, 0, 0);
  return canvas;
}
