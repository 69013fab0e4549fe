import type { HeatScale, Combination } from '../lens/metrics';
import type { CellLayout } from './cellGrid';

/** Everything a frame needs beyond cell values and colours: cheap to change, none of it touches an anchor. */
export interface HeatmapFrame {
  /** Canvas size, device pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixel (x, y) shows network pixel (x * perPixelX + originX, y * perPixelY + originY). */
  readonly perPixelX: number;
  readonly perPixelY: number;
  readonly originX: number;
  readonly originY: number;
  /** Padded network input: nothing is drawn outside. */
  readonly extentX: number;
  readonly extentY: number;
  readonly levelMask: number;
  readonly combination: Combination;
  /** Between anchor centers instead of true tiles. */
  readonly smooth: boolean;
  readonly scale: HeatScale;
  readonly opacity: number;
  /** A round place where the overlay fades to `strength` of itself, device pixels; radius 0 for none. */
  readonly spot: { readonly x: number; readonly y: number; readonly radius: number; readonly strength: number };
}

export interface HeatmapRenderer {
  readonly canvas: HTMLCanvasElement;
  setCells(layout: CellLayout, cells: Float32Array): void;
  /** @param colors 256 RGBA entries, not premultiplied */
  setColors(colors: Uint8Array): void;
  draw(frame: HeatmapFrame): void;
  dispose(): void;
}
