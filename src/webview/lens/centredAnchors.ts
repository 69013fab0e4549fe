import type { CornerBox } from '../../common/boxes';
import { anchorsAt } from './hitTest';
import type { LensImage } from './lensImage';

/** The anchors whose centres lie in a box of original image pixels, its edges included, as ranges [first, end). */
export function* centredAnchors(
  { analysis, layout }: LensImage,
  [x1, y1, x2, y2]: CornerBox,
): Generator<readonly [first: number, end: number]> {
  const [scaleY, scaleX] = analysis.input.scale;
  for (const level of layout.levels) {
    const inside = (low: number, high: number, stride: number, cells: number) => ({
      from: Math.max(0, Math.ceil(low / stride)),
      to: Math.min(cells - 1, Math.floor(high / stride)),
    });
    const rows = inside(y1 * scaleY, y2 * scaleY, level.strideY, level.height);
    const columns = inside(x1 * scaleX, x2 * scaleX, level.strideX, level.width);
    for (let y = rows.from; y <= rows.to && columns.from <= columns.to; y++) {
      const row = level.firstAnchor + y * level.width * level.anchorsPerCell;
      yield [row + columns.from * level.anchorsPerCell, row + (columns.to + 1) * level.anchorsPerCell];
    }
  }
}

/**
 * The anchor with the most focal loss among those centred in a box of original image pixels; in a box between all
 * centres, of those whose tiles hold its middle. Undefined where there is none with a loss.
 *
 * @param passing 1 for each anchor that counts; all where it is left out
 */
export function strongestCentred(image: LensImage, box: CornerBox, passing?: Uint8Array): number | undefined {
  const { focal } = image.columns;
  let strongest: number | undefined;
  let most = 0;
  for (const [first, end] of centredAnchors(image, box)) {
    for (let i = first; i < end; i++) {
      if (focal[i] <= most || (passing !== undefined && passing[i] !== 1)) continue;
      strongest = i;
      most = focal[i];
    }
  }
  if (strongest !== undefined) return strongest;
  const middle = { x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 };
  const nearest = anchorsAt(image, focal, -1, middle, passing)[0];
  return nearest !== undefined && nearest.value > 0 ? nearest.anchor : undefined;
}
