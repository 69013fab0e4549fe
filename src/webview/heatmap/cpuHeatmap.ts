import { scalePosition } from '../lens/metrics';
import { valueAt, type CellLayout } from './cellGrid';
import { colorMapSize } from './colorMaps';
import type { HeatmapFrame, HeatmapRenderer } from './heatmapRenderer';

/** Device pixels per sample: this renderer is the fallback where the browser has no WebGL2. */
const step = 3;

/** The heatmap on a 2D canvas, sampled at every third pixel. */
export class CpuHeatmap implements HeatmapRenderer {
  private layout: CellLayout | undefined;
  private cells: Float32Array | undefined;
  private colors: Uint8Array | undefined;
  private readonly small = document.createElement('canvas');

  constructor(readonly canvas: HTMLCanvasElement) {}

  setCells(layout: CellLayout, cells: Float32Array): void {
    this.layout = layout;
    this.cells = cells;
  }

  setColors(colors: Uint8Array): void {
    this.colors = colors;
  }

  draw(frame: HeatmapFrame): void {
    this.canvas.width = frame.width;
    this.canvas.height = frame.height;
    const context = this.canvas.getContext('2d');
    const { layout, cells, colors } = this;
    if (context === null || layout === undefined || cells === undefined || colors === undefined) return;
    const width = Math.ceil(frame.width / step);
    const height = Math.ceil(frame.height / step);
    const image = new ImageData(width, height);
    for (let row = 0; row < height; row++) {
      const y = (row + 0.5) * step;
      const networkY = y * frame.perPixelY + frame.originY;
      if (networkY < 0 || networkY > frame.extentY) continue;
      for (let column = 0; column < width; column++) {
        const x = (column + 0.5) * step;
        const networkX = x * frame.perPixelX + frame.originX;
        if (networkX < 0 || networkX > frame.extentX) continue;
        const value = valueAt(layout, cells, frame.levelMask, frame.combination, networkX, networkY, frame.smooth);
        const entry = Math.round(scalePosition(frame.scale, value) * (colorMapSize - 1)) * 4;
        const inSpot = Math.hypot(x - frame.spot.x, y - frame.spot.y) < frame.spot.radius;
        const pixel = (row * width + column) * 4;
        for (let c = 0; c < 3; c++) image.data[pixel + c] = colors[entry + c];
        image.data[pixel + 3] = colors[entry + 3] * frame.opacity * (inSpot ? frame.spot.strength : 1);
      }
    }
    this.small.width = width;
    this.small.height = height;
    this.small.getContext('2d')?.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.small, 0, 0, width * step, height * step);
  }

  dispose(): void {
    this.layout = this.cells = this.colors = undefined;
  }
}
