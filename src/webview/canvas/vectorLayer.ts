import type { CornerBox } from '../../common/boxes';
import type { BoxColors } from './boxColors';
import type { NamedBox, Scene } from './scene';
import { placeTags, type Tag } from './tags';
import { toScreen, type StageSize, type Viewport } from './viewport';

const halo = 'rgb(0 0 0 / 0.6)';
const tagHeight = 16;

/** Draws boxes with a dark halo, and the names that find room. */
export class VectorLayer {
  readonly canvas = document.createElement('canvas');
  private readonly context = this.canvas.getContext('2d');
  private readonly widths = new Map<string, number>();
  private font = '';

  draw(scene: Scene, view: Viewport, stage: StageSize, colors: BoxColors, font: string): void {
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
      this.widths.clear();
    }
    context.font = font;
    const stroke = (box: CornerBox, color: string, lineWidth: number, dash: readonly number[]) =>
      strokeBox(context, view, box, color, lineWidth, dash);

    if (scene.padded !== undefined) strokePlain(context, view, scene.padded, 'rgb(128 128 128 / 0.7)', 1, [2, 4]);
    const detectionColor = ({ verdict }: NamedBox) =>
      verdict === undefined ? colors.detection : colors.verdicts[verdict];
    for (const named of scene.detections) stroke(named.box, detectionColor(named), 1.5, [5, 4]);
    for (const { box } of scene.labels) stroke(box, colors.label, 2, []);
    for (const shown of [scene.hovered, scene.compared, scene.pinned]) {
      if (shown === undefined) continue;
      stroke(shown.tile, colors.anchor, 1, []);
      if (shown.decoded !== undefined) stroke(shown.decoded, colors.decoded, 2, [2, 3]);
      stroke(shown.box, colors.anchor, shown === scene.hovered ? 1.5 : 2.5, shown === scene.compared ? [8, 4] : []);
    }
    if (scene.focused !== undefined) stroke(scene.focused, colors.highlight, 2.5, [10, 5]);
    if (scene.highlighted !== undefined) stroke(scene.highlighted, colors.highlight, 3, []);

    const pins = [scene.pinned, scene.compared].flatMap((pin, i) =>
      pin === undefined || scene.compared === undefined ? [] : [{ box: pin.box, text: 'AB'[i] ?? '' }],
    );
    const tags = [
      ...pins.map(named => this.tag(named, view, colors.anchor, 'above')),
      ...scene.labels.map(named => this.tag(named, view, colors.label, 'above')),
      ...scene.detections.map(named => this.tag(named, view, detectionColor(named), 'below')),
    ];
    for (const { x, y, tag } of placeTags(tags, stage, tagHeight)) {
      context.fillStyle = 'rgb(0 0 0 / 0.72)';
      context.beginPath();
      context.roundRect(x, y, tag.width, tagHeight, 3);
      context.fill();
      context.fillStyle = tag.color;
      context.textBaseline = 'middle';
      context.fillText(tag.text, x + 4, y + tagHeight / 2 + 0.5);
    }
  }

  private tag({ box, text }: NamedBox, view: Viewport, color: string, side: Tag['side']): Tag {
    const from = toScreen(view, { x: box[0], y: box[1] });
    const to = toScreen(view, { x: box[2], y: box[3] });
    let width = this.widths.get(text);
    if (width === undefined) {
      width = (this.context?.measureText(text).width ?? 0) + 8;
      this.widths.set(text, width);
    }
    return { text, color, side, width, box: [from.x, from.y, to.x, to.y] };
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
