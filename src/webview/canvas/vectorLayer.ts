import type { CornerBox } from '../../common/boxes';
import type { BoxColors } from './boxColors';
import type { NamedBox, Scene } from './scene';
import { placeTags, shortName, type Tag } from './tags';
import { toScreen, type Point, type Size, type StageSize, type Viewport } from './viewport';

const halo = 'rgb(0 0 0 / 0.6)';
const tagHeight = 16;
const widestTag = 160;

/** What is pointed at on the stage. */
export interface PointedAt {
  /** Where the keyboard points, CSS pixels. */
  readonly crosshair: Point | undefined;
  /** The box drawn around the place that is pointed at. */
  readonly box: NamedBox | undefined;
}

/** Draws boxes with a dark halo, and the names that find room. */
export class VectorLayer {
  readonly canvas = document.createElement('canvas');
  private readonly context = this.canvas.getContext('2d');
  private readonly names = new Map<string, { readonly text: string; readonly width: number }>();
  private font = '';

  /** @param picture its size, image pixels */
  draw(
    scene: Scene,
    pointed: PointedAt,
    view: Viewport,
    stage: StageSize,
    picture: Size,
    colors: BoxColors,
    font: string,
  ): void {
    const { context, canvas } = this;
    const { width, height } = stage.pixels;
    const pixelRatio = devicePixelRatio;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    if (context === null) return;
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    context.clearRect(0, 0, stage.width, stage.height);
    if (this.font !== font) {
      this.font = font;
      this.names.clear();
    }
    context.font = font;
    const stroke = (box: CornerBox, color: string, lineWidth: number, dash: readonly number[]) =>
      strokeBox(context, view, box, color, lineWidth, dash);

    if (scene.padded !== undefined) strokePlain(context, view, scene.padded, 'rgb(128 128 128 / 0.7)', 1, [2, 4]);
    const detectionColor = ({ verdict }: NamedBox) =>
      verdict === undefined ? colors.detection : colors.verdicts[verdict];
    for (const named of scene.detections) stroke(named.box, detectionColor(named), 1.5, [5, 4]);
    for (const { box } of scene.labels) stroke(box, colors.label, 2, []);
    const shownAnchors = [scene.hovered, scene.compared, scene.pinned].filter(shown => shown !== undefined);
    for (const { label } of shownAnchors) {
      if (label !== undefined) stroke(label.box, colors.label, label.isMatched ? 4 : 2, label.isMatched ? [] : [6, 4]);
    }
    for (const shown of shownAnchors) {
      stroke(shown.tile, colors.anchor, 1, []);
      if (shown.decoded !== undefined) stroke(shown.decoded, colors.decoded, 2, [2, 3]);
      stroke(shown.box, colors.anchor, shown === scene.hovered ? 1.5 : 2.5, shown === scene.compared ? [8, 4] : []);
    }
    if (scene.focused !== undefined) stroke(scene.focused, colors.highlight, 2.5, [10, 5]);
    if (scene.highlighted !== undefined) stroke(scene.highlighted.box, colors.highlight, 3, []);

    const from = toScreen(view, { x: 0, y: 0 });
    const to = toScreen(view, { x: picture.width, y: picture.height });
    const tags = this.tags(scene, pointed, view, colors, detectionColor);
    const boxes = [...scene.labels, ...scene.detections].map(({ box }) => onScreen(view, box));
    const room = { stage, picture: [from.x, from.y, to.x, to.y] as const, boxes, height: tagHeight };
    for (const { x, y, tag } of placeTags(tags, room)) drawTag(context, x, y, tag);
    if (pointed.crosshair !== undefined) drawCrosshair(context, pointed.crosshair);
  }

  /** Those that are shown in any case first. */
  private tags(
    scene: Scene,
    pointed: PointedAt,
    view: Viewport,
    colors: BoxColors,
    detectionColor: (detection: NamedBox) => string,
  ): Tag[] {
    const { pinned, compared, hovered, highlighted } = scene;
    const always: Tag[] = [];
    const named: NamedBox[] = [];
    const add = (box: NamedBox | undefined, color: string, side: Tag['side'], filled = false) => {
      if (box === undefined || box.text === '' || named.some(known => isSame(known, box))) return;
      named.push(box);
      always.push({ ...this.tag(box, view, color, side), always: true, filled });
    };
    if (pinned !== undefined && compared !== undefined) {
      add({ box: pinned.box, text: 'A', tail: 0 }, colors.anchor, 'above');
      add({ box: compared.box, text: 'B', tail: 0 }, colors.anchor, 'above');
    }
    for (const label of [pinned?.label, compared?.label, hovered?.label]) {
      add(label, colors.label, 'above', label?.isMatched);
    }
    add(highlighted, colors.highlight, 'above');
    const { box: under } = pointed;
    if (under !== undefined) {
      if (scene.labels.includes(under)) add(under, colors.label, 'above');
      else add(under, detectionColor(under), 'below');
    }
    const isNew = (box: NamedBox) => !named.some(known => isSame(known, box));
    return [
      ...always,
      ...scene.labels.filter(isNew).map(label => this.tag(label, view, colors.label, 'above')),
      ...scene.detections.filter(isNew).map(detection => this.tag(detection, view, detectionColor(detection), 'below')),
    ];
  }

  private tag({ box, text, tail }: NamedBox, view: Viewport, color: string, side: Tag['side']): Tag {
    let name = this.names.get(text);
    if (name === undefined) {
      const widthOf = (part: string) => (this.context?.measureText(part).width ?? 0) + 8;
      const shown = shortName(text, tail, widestTag, widthOf);
      name = { text: shown, width: widthOf(shown) };
      this.names.set(text, name);
    }
    return { ...name, color, side, box: onScreen(view, box) };
  }
}

function isSame(a: NamedBox, b: NamedBox): boolean {
  return a.text === b.text && a.box.every((side, i) => side === b.box[i]);
}

function onScreen(view: Viewport, box: CornerBox): CornerBox {
  const from = toScreen(view, { x: box[0], y: box[1] });
  const to = toScreen(view, { x: box[2], y: box[3] });
  return [from.x, from.y, to.x, to.y];
}

function drawTag(context: CanvasRenderingContext2D, x: number, y: number, tag: Tag): void {
  const ground = 'rgb(0 0 0 / 0.72)';
  context.fillStyle = tag.filled === true ? tag.color : ground;
  context.beginPath();
  context.roundRect(x, y, tag.width, tagHeight, 3);
  context.fill();
  context.fillStyle = tag.filled === true ? '#000' : tag.color;
  context.textBaseline = 'middle';
  context.fillText(tag.text, x + 4, y + tagHeight / 2 + 0.5);
}

/** Four strokes around a place, which itself stays free. */
function drawCrosshair(context: CanvasRenderingContext2D, { x, y }: Point): void {
  const [free, end] = [6, 22];
  context.setLineDash([]);
  for (const [style, lineWidth] of [
    ['#000', 5],
    ['#fff', 2],
  ] as const) {
    context.strokeStyle = style;
    context.lineWidth = lineWidth;
    context.beginPath();
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      context.moveTo(x + dx * free, y + dy * free);
      context.lineTo(x + dx * end, y + dy * end);
    }
    context.stroke();
  }
}

function strokeBox(
  context: CanvasRenderingContext2D,
  view: Viewport,
  box: CornerBox,
  color: string,
  lineWidth: number,
  dash: readonly number[],
): void {
  strokePlain(context, view, box, halo, lineWidth + 2, []);
  strokePlain(context, view, box, color, lineWidth, dash);
}

function strokePlain(
  context: CanvasRenderingContext2D,
  view: Viewport,
  box: CornerBox,
  color: string,
  lineWidth: number,
  dash: readonly number[],
): void {
  // On whole device pixels, so that lines are sharp.
  const offset = Math.round(lineWidth * devicePixelRatio) % 2 === 1 ? 0.5 : 0;
  const sharp = (value: number) => (Math.round(value * devicePixelRatio - offset) + offset) / devicePixelRatio;
  const from = toScreen(view, { x: box[0], y: box[1] });
  const to = toScreen(view, { x: box[2], y: box[3] });
  context.setLineDash([...dash]);
  context.lineWidth = lineWidth;
  context.strokeStyle = color;
  const [x, y] = [sharp(from.x), sharp(from.y)];
  context.strokeRect(x, y, sharp(to.x) - x, sharp(to.y) - y);
}
