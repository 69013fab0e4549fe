import { colorMap, colorMapSize } from '../../common/colorMaps';
import type { PixelRegion } from '../../model/image/cropImage';
import type { Analysis, LevelInfo } from '../../protocol/analysis';
import { anchorColumns } from '../../protocol/anchorColumns';

export type HeatSource = Pick<Analysis, 'columns' | 'anchors' | 'input'>;

/** The range of the lens's heatmap of focal loss: three decades, the same for every image. */
const [low, high] = [1e-3, 1];
const opacity = 0.5;

/** The largest focal loss in each cell of a level that matters for a region. */
interface CellWindow {
  readonly strideX: number;
  readonly strideY: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/**
 * The focal loss of the anchors over a region of the image, as the lens shows it: at each place the largest loss of an
 * anchor of any level whose cell is there.
 * @returns RGBA of `width` x `height` pixels, not premultiplied
 */
export function heatOverlay(
  source: HeatSource,
  region: PixelRegion,
  { width, height }: { readonly width: number; readonly height: number },
): Uint8Array {
  const [scaleY, scaleX] = source.input.scale;
  const { focal } = anchorColumns(source.columns);
  const extent = {
    left: region.left * scaleX,
    top: region.top * scaleY,
    right: (region.left + region.width) * scaleX,
    bottom: (region.top + region.height) * scaleY,
  };
  const windows = source.anchors.levels.map(level => cellWindow(level, extent, focal));
  const colors = colorMap('inferno');
  const pixels = new Uint8Array(width * height * 4);
  for (let row = 0; row < height; row++) {
    const y = extent.top + ((row + 0.5) / height) * (extent.bottom - extent.top);
    for (let column = 0; column < width; column++) {
      const x = extent.left + ((column + 0.5) / width) * (extent.right - extent.left);
      const entry = Math.round(position(largestAt(windows, x, y)) * (colorMapSize - 1)) * 4;
      const pixel = (row * width + column) * 4;
      pixels.set(colors.subarray(entry, entry + 3), pixel);
      pixels[pixel + 3] = Math.round(colors[entry + 3] * opacity);
    }
  }
  return pixels;
}

function cellWindow(
  level: LevelInfo,
  extent: { left: number; top: number; right: number; bottom: number },
  focal: Float32Array,
): CellWindow {
  const [strideY, strideX] = level.stride;
  const [rows, columns] = level.grid;
  const cell = (place: number, stride: number, count: number) =>
    Math.min(count - 1, Math.max(0, Math.floor(place / stride + 0.5)));
  const [left, right] = [cell(extent.left, strideX, columns), cell(extent.right, strideX, columns)];
  const [top, bottom] = [cell(extent.top, strideY, rows), cell(extent.bottom, strideY, rows)];
  const [width, height] = rows * columns === 0 ? [0, 0] : [right - left + 1, bottom - top + 1];
  const perCell = width === 0 ? 0 : level.count / (rows * columns);
  const values = new Float32Array(width * height);
  for (let i = 0; i < values.length; i++) {
    const first = level.offset + ((top + Math.floor(i / width)) * columns + left + (i % width)) * perCell;
    for (let anchor = first; anchor < first + perCell; anchor++) {
      if (focal[anchor] > values[i]) values[i] = focal[anchor];
    }
  }
  return { strideX, strideY, left, top, width, height, values };
}

/** @param x network input pixels; a cell's tile reaches half a stride to each side of its centre */
function largestAt(windows: readonly CellWindow[], x: number, y: number): number {
  let largest = 0;
  for (const { strideX, strideY, left, top, width, height, values } of windows) {
    const column = Math.floor(x / strideX + 0.5) - left;
    const row = Math.floor(y / strideY + 0.5) - top;
    if (column < 0 || row < 0 || column >= width || row >= height) continue;
    const value = values[row * width + column];
    if (value > largest) largest = value;
  }
  return largest;
}

/** On the logarithmic scale, 0 to 1. */
function position(value: number): number {
  return value <= low ? 0 : Math.min(1, Math.log(value / low) / Math.log(high / low));
}
