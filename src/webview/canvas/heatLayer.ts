import type { Disposable } from '../../common/disposables';
import { reduceCells } from '../heatmap/cellGrid';
import { colorMap, stateColorMap } from '../heatmap/colorMaps';
import { CpuHeatmap } from '../heatmap/cpuHeatmap';
import { GlHeatmap } from '../heatmap/glHeatmap';
import type { HeatmapFrame, HeatmapRenderer } from '../heatmap/heatmapRenderer';
import { passingValues, type AnchorFilter } from '../lens/anchorFilter';
import { tileBox } from '../lens/geometry';
import type { AnchorHit } from '../lens/hitTest';
import type { LensImage } from '../lens/lensImage';
import { canSum, heatScale } from '../lens/metrics';
import type { ViewState } from '../lens/viewState';
import { toScreen, type StageSize, type Viewport } from './viewport';

/** How much of the overlay remains around the pointer. */
const remainder = 0.15;
/** Radius of the faded place, CSS pixels. */
const smallestSpot = 34;
const largestSpot = 260;

const noSpot: HeatmapFrame['spot'] = { x: 0, y: 0, radius: 0, strength: 1 };

/** The heatmap over the picture: cells follow image and metric, everything else is decided anew in each frame. */
export class HeatLayer implements Disposable {
  readonly canvas = document.createElement('canvas');
  private readonly renderer: HeatmapRenderer;
  private image: LensImage | undefined;
  private uploaded = '';
  private cells = new Float32Array(0);
  private uploadedFilter: AnchorFilter | undefined;
  /** Eased from 0 to 1 while the pointer is over a tile. */
  private fade = 0;

  constructor(
    private readonly requestDraw: () => void,
    private readonly reducedMotion: () => boolean,
  ) {
    this.renderer = GlHeatmap.create(this.canvas, requestDraw) ?? new CpuHeatmap(this.canvas);
  }

  dispose(): void {
    this.renderer.dispose();
  }

  setImage(image: LensImage | undefined): void {
    this.image = image;
    this.uploaded = '';
  }

  /** @param hit the tile under the pointer, around which the overlay fades so that the picture shows */
  draw(view: ViewState, viewport: Viewport, stage: StageSize, hit: AnchorHit | undefined, hidden: boolean): void {
    const { image } = this;
    const isHidden = image === undefined || hidden || !view.heatmap;
    // Hidden by style: giving a canvas another size is dear, so it waits until there is something to draw.
    this.canvas.style.visibility = isHidden ? 'hidden' : 'visible';
    if (isHidden) return;
    this.upload(image, view);
    const combination = canSum(view.metric) ? view.combination : 'max';
    const { scale, paddedWidth, paddedHeight } = image.analysis.input;
    const perPixel = 1 / (viewport.scale * devicePixelRatio);
    this.renderer.draw({
      width: stage.pixels.width,
      height: stage.pixels.height,
      perPixelX: scale[1] * perPixel,
      perPixelY: scale[0] * perPixel,
      originX: (-viewport.x / viewport.scale) * scale[1],
      originY: (-viewport.y / viewport.scale) * scale[0],
      extentX: paddedWidth,
      extentY: paddedHeight,
      levelMask: view.levelMask,
      combination,
      smooth: view.smooth && view.metric !== 'state',
      scale: heatScale(view.metric, combination, view.logarithmic, view.range),
      opacity: view.opacity,
      spot: this.spot(hit, viewport),
    });
  }

  private spot(hit: AnchorHit | undefined, viewport: Viewport): HeatmapFrame['spot'] {
    const wanted = hit === undefined ? 0 : 1;
    this.fade = this.reducedMotion() ? wanted : this.fade + (wanted - this.fade) * 0.25;
    if (Math.abs(wanted - this.fade) > 0.01) this.requestDraw();
    else this.fade = wanted;
    if (hit === undefined || this.image === undefined) return noSpot;
    const [x1, y1, x2, y2] = tileBox(this.image.analysis, hit.level, hit.y, hit.x);
    const centre = toScreen(viewport, { x: (x1 + x2) / 2, y: (y1 + y2) / 2 });
    const reach = Math.hypot(x2 - x1, y2 - y1) * viewport.scale * 0.68;
    return {
      x: centre.x * devicePixelRatio,
      y: centre.y * devicePixelRatio,
      radius: Math.min(largestSpot, Math.max(smallestSpot, reach)) * devicePixelRatio,
      strength: 1 - (1 - remainder) * this.fade,
    };
  }

  private upload(image: LensImage, { metric, combination, colorMap: map, filter }: ViewState): void {
    const wanted = `${metric} ${combination} ${map}`;
    if (this.uploaded === wanted && this.uploadedFilter === filter) return;
    this.uploaded = wanted;
    this.uploadedFilter = filter;
    const values = passingValues(image.values(metric), image.passing(filter));
    const reduction = canSum(metric) ? combination : 'max';
    if (this.cells.length !== image.layout.cells) this.cells = new Float32Array(image.layout.cells);
    this.renderer.setCells(image.layout, reduceCells(image.layout, values, reduction, this.cells));
    this.renderer.setColors(metric === 'state' ? stateColorMap() : colorMap(map));
  }
}
