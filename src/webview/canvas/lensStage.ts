import { DisposableStore, toDisposable, type Disposable } from '../../common/disposables';
import { toCorners, type CornerBox, type XywhBox } from '../../common/boxes';
import { anchorBox, locateAnchor, tileBox } from '../lens/geometry';
import { anchorsAt, type AnchorHit } from '../lens/hitTest';
import type { LensImage } from '../lens/lensImage';
import { canSum, heatScale } from '../lens/metrics';
import { defaultViewState, type Camera, type ViewState } from '../lens/viewState';
import { labelName } from '../words/anchorSentence';
import { unit } from '../words/format';
import { colorMap, stateColorMap } from '../heatmap/colorMaps';
import { reduceCells } from '../heatmap/cellGrid';
import { CpuHeatmap } from '../heatmap/cpuHeatmap';
import { GlHeatmap } from '../heatmap/glHeatmap';
import type { HeatmapRenderer } from '../heatmap/heatmapRenderer';
import { CameraControl } from './cameraControl';
import { listenToStage } from './stageInput';
import { VectorLayer, type BoxColors, type ShownAnchor, type VectorScene } from './vectorLayer';
import { toImage, toScreen, type Point, type Size, type Viewport } from './viewport';

export interface StageEvents {
  /** The anchors under the pointer, hottest first, and the pointer's place on the stage. */
  hovered(hits: readonly AnchorHit[], point: Point | undefined): void;
  clicked(hits: readonly AnchorHit[]): void;
  cameraChanged(camera: Camera | undefined): void;
  /** The stage has another size, so what is fitted to it has another scale. */
  resized(): void;
  stepAnchor(direction: 1 | -1): void;
  unpin(): void;
}

/** Picture, heatmap and boxes on top of each other; draws at most once per animation frame. */
export class LensStage implements Disposable {
  readonly element = document.createElement('div');
  private readonly picture = document.createElement('img');
  private readonly heatmap: HeatmapRenderer;
  private readonly vectors = new VectorLayer();
  private readonly camera: CameraControl;
  private readonly disposables = new DisposableStore();
  private readonly motion = matchMedia('(prefers-reduced-motion: reduce)');

  private image: LensImage | undefined;
  private view: ViewState = defaultViewState;
  private scene: VectorScene = emptyScene;
  private colors: BoxColors | undefined;
  private font = '11px sans-serif';
  private stage: Size = { width: 1, height: 1 };
  private frame = 0;
  private pointer: Point | undefined;
  private peeking = false;
  /** Eased strength of the spot that lets the picture show around the pointer. */
  private spot = 0;
  private shownCells = '';

  constructor(private readonly events: StageEvents) {
    const { element, picture } = this;
    element.className = 'stage';
    element.tabIndex = 0;
    element.setAttribute('role', 'application');
    element.setAttribute('aria-roledescription', 'zoomable picture');
    picture.className = 'picture';
    picture.alt = '';
    picture.draggable = false;
    const heatCanvas = document.createElement('canvas');
    heatCanvas.className = 'heat';
    this.vectors.canvas.className = 'vectors';
    for (const canvas of [heatCanvas, this.vectors.canvas]) canvas.setAttribute('aria-hidden', 'true');
    element.append(picture, heatCanvas, this.vectors.canvas);
    this.heatmap = GlHeatmap.create(heatCanvas, () => this.requestDraw()) ?? new CpuHeatmap(heatCanvas);
    this.camera = new CameraControl(
      () => this.requestDraw(),
      () => this.motion.matches,
    );
    this.disposables.add(this.heatmap);
    this.disposables.add(listenToStage(element, this.actions()));
    const resized = new ResizeObserver(() => this.resize());
    resized.observe(element);
    this.disposables.add(toDisposable(() => resized.disconnect()));
    const loaded = () => {
      if (this.image === undefined) this.setPictureSize({ width: picture.naturalWidth, height: picture.naturalHeight });
    };
    picture.addEventListener('load', loaded);
    this.disposables.add(toDisposable(() => picture.removeEventListener('load', loaded)));
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.disposables.dispose();
    this.element.remove();
  }

  /** Shows a picture without analysis, or none. */
  showPicture(uri: string | undefined): void {
    this.image = undefined;
    this.scene = emptyScene;
    this.element.classList.toggle('empty', uri === undefined);
    this.setSource(uri);
    this.requestDraw();
  }

  showImage(image: LensImage, view: ViewState): void {
    const { width, height, file } = image.analysis.image;
    this.image = image;
    this.shownCells = '';
    this.element.classList.remove('empty');
    this.setSource(image.imageUri);
    this.view = view;
    this.setPictureSize({ width, height }, view.image === file ? view.camera : undefined);
    this.setView(view);
  }

  setView(view: ViewState): void {
    this.view = view;
    this.updateScene();
    this.requestDraw();
  }

  setHighlight(box: XywhBox | undefined): void {
    this.scene = { ...this.scene, highlighted: box === undefined ? undefined : toCorners(box) };
    this.requestDraw();
  }

  /** Theme colours may have changed. */
  themeChanged(): void {
    this.colors = undefined;
    this.requestDraw();
  }

  fit(): void {
    this.camera.fit();
    this.cameraMoved();
  }

  /** One image pixel per device pixel. */
  actualSize(): void {
    this.camera.zoomToScale(1 / devicePixelRatio);
    this.cameraMoved();
  }

  zoomBy(factor: number, point?: Point): void {
    this.camera.zoomBy(factor, point);
    this.cameraMoved();
  }

  zoomTo([x1, y1, x2, y2]: CornerBox): void {
    this.camera.zoomTo({ x: x1, y: y1, width: x2 - x1, height: y2 - y1 });
    this.cameraMoved();
  }

  /** Device pixels per image pixel. */
  get magnification(): number {
    return this.camera.scale * devicePixelRatio;
  }

  private actions() {
    return {
      hover: (point: Point | undefined) => {
        this.pointer = point;
        this.events.hovered(this.hitsAt(point), point);
        this.requestDraw();
      },
      click: (point: Point) => this.events.clicked(this.hitsAt(point)),
      pan: (x: number, y: number, eased: boolean) => {
        this.camera.panBy(x, y, eased);
        this.cameraMoved();
      },
      zoom: (factor: number, point: Point | undefined) => this.zoomBy(factor, point),
      fit: () => this.fit(),
      actualSize: () => this.actualSize(),
      peek: (hidden: boolean) => {
        this.peeking = hidden;
        this.requestDraw();
      },
      stepAnchor: (direction: 1 | -1) => this.events.stepAnchor(direction),
      unpin: () => this.events.unpin(),
    };
  }

  private hitsAt(point: Point | undefined): AnchorHit[] {
    const { image, view } = this;
    if (image === undefined || point === undefined || !view.heatmap) return [];
    const place = toImage(this.camera.viewport(performance.now()), point);
    return anchorsAt(image, image.values(view.metric), view.levelMask, place);
  }

  private cameraMoved(): void {
    this.events.cameraChanged(this.camera.camera);
  }

  private setSource(uri: string | undefined): void {
    if (uri === undefined) this.picture.removeAttribute('src');
    else if (this.picture.getAttribute('src') !== uri) this.picture.src = uri;
    this.picture.hidden = uri === undefined;
  }

  private setPictureSize(size: Size, camera?: Camera): void {
    this.picture.width = size.width;
    this.picture.height = size.height;
    this.camera.setImage(size, camera);
  }

  private resize(): void {
    const { width, height } = this.element.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    this.stage = { width, height };
    this.camera.setStage(this.stage);
    this.events.resized();
  }

  private updateScene(): void {
    const { image, view } = this;
    if (image === undefined) return;
    const { analysis } = image;
    const { input } = analysis;
    const isPadded = input.paddedWidth > input.width || input.paddedHeight > input.height;
    this.scene = {
      labels: view.labels ? analysis.labels.map(label => ({ box: toCorners(label.bbox), text: labelName(label) })) : [],
      detections: view.detections
        ? analysis.detections
            .filter(detection => detection.score >= view.scoreThreshold)
            .map(({ bbox, category, score }) => ({ box: toCorners(bbox), text: `${category} ${unit(score)}` }))
        : [],
      padded:
        isPadded && view.heatmap
          ? [0, 0, input.paddedWidth / input.scale[1], input.paddedHeight / input.scale[0]]
          : undefined,
      hovered: undefined,
      pinned: view.pinned === undefined ? undefined : shownAnchor(image, view.pinned, true),
      highlighted: this.scene.highlighted,
    };
  }

  private requestDraw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(now => {
      this.frame = 0;
      this.draw(now);
    });
  }

  private draw(now: number): void {
    const viewport = this.camera.viewport(now);
    const { scale, x, y } = viewport;
    this.picture.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    this.picture.style.imageRendering = scale * devicePixelRatio >= 4 ? 'pixelated' : 'auto';
    const hit = this.hitsAt(this.pointer)[0];
    this.drawHeatmap(viewport, hit);
    this.colors ??= this.readColors();
    const hovered =
      this.image === undefined || hit === undefined ? undefined : shownAnchor(this.image, hit.anchor, false);
    const scene = { ...this.scene, hovered };
    this.vectors.draw(scene, viewport, this.stage, devicePixelRatio, this.colors, this.font);
  }

  private drawHeatmap({ scale, x, y }: Viewport, hit: AnchorHit | undefined): void {
    const { image, view } = this;
    const width = Math.round(this.stage.width * devicePixelRatio);
    const height = Math.round(this.stage.height * devicePixelRatio);
    if (image !== undefined) this.updateCells(image);
    const { input } = image?.analysis ?? { input: undefined };
    const [scaleY, scaleX] = input?.scale ?? [1, 1];
    const combination = canSum(view.metric) ? view.combination : 'max';
    this.heatmap.draw({
      width,
      height,
      perPixelX: scaleX / (scale * devicePixelRatio),
      perPixelY: scaleY / (scale * devicePixelRatio),
      originX: (-x / scale) * scaleX,
      originY: (-y / scale) * scaleY,
      extentX: input?.paddedWidth ?? 0,
      extentY: input?.paddedHeight ?? 0,
      levelMask: view.levelMask,
      combination,
      scale: heatScale(view.metric, combination, view.logarithmic),
      opacity: image === undefined || !view.heatmap || this.peeking ? 0 : view.opacity,
      spot: this.spotAt(hit, { scale, x, y }),
    });
  }

  private spotAt(hit: AnchorHit | undefined, viewport: Viewport) {
    const wanted = hit === undefined || this.image === undefined ? 0 : 1;
    this.spot += (wanted - this.spot) * (this.motion.matches ? 1 : 0.25);
    if (Math.abs(wanted - this.spot) > 0.01) this.requestDraw();
    else this.spot = wanted;
    if (hit === undefined || this.image === undefined) return { x: 0, y: 0, radius: 0, strength: 1 };
    const [x1, y1, x2, y2] = tileBox(this.image.analysis, hit.level, hit.y, hit.x);
    const centre = toScreen(viewport, { x: (x1 + x2) / 2, y: (y1 + y2) / 2 });
    const reach = (Math.hypot(x2 - x1, y2 - y1) / 2) * viewport.scale * 1.35;
    return {
      x: centre.x * devicePixelRatio,
      y: centre.y * devicePixelRatio,
      radius: Math.min(260, Math.max(34, reach)) * devicePixelRatio,
      strength: 1 - 0.85 * this.spot,
    };
  }

  private updateCells(image: LensImage): void {
    const { metric, combination, colorMap: map } = this.view;
    const wanted = `${metric} ${combination} ${map}`;
    if (this.shownCells === wanted) return;
    this.shownCells = wanted;
    const reduction = canSum(metric) ? combination : 'max';
    this.heatmap.setCells(image.layout, reduceCells(image.layout, image.values(metric), reduction));
    this.heatmap.setColors(metric === 'state' ? stateColorMap() : colorMap(map));
  }

  private readColors(): BoxColors {
    const style = getComputedStyle(this.element);
    const read = (name: string) => style.getPropertyValue(name).trim();
    this.font = `11px ${style.fontFamily}`;
    return {
      label: read('--lens-label'),
      detection: read('--lens-detection'),
      anchor: read('--lens-anchor'),
      decoded: read('--lens-decoded'),
      highlight: read('--lens-highlight'),
    };
  }
}

const emptyScene: VectorScene = {
  labels: [],
  detections: [],
  padded: undefined,
  hovered: undefined,
  pinned: undefined,
  highlighted: undefined,
};

function shownAnchor(image: LensImage, anchor: number, withDecoded: boolean): ShownAnchor {
  const { level, y, x } = locateAnchor(image.analysis.anchors.levels, anchor);
  const at = (i: number) => image.columns.decoded[anchor * 4 + i] ?? 0;
  return {
    tile: tileBox(image.analysis, level, y, x),
    box: anchorBox(image.analysis, anchor),
    decoded: withDecoded ? [at(0), at(1), at(2), at(3)] : undefined,
  };
}
