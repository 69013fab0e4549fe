import type { CornerBox, XywhBox } from '../../common/boxes';
import { DisposableStore, toDisposable, type Disposable } from '../../common/disposables';
import { orderMetric } from '../lens/anchorOrder';
import { anchorsAt, type AnchorHit } from '../lens/hitTest';
import type { LensImage } from '../lens/lensImage';
import { defaultViewState, type Camera, type ViewState } from '../lens/viewState';
import { CameraControl } from './cameraControl';
import { HeatLayer } from './heatLayer';
import { boxUnder, emptyScene, namedBox, sceneOf, shownAnchor, type Scene } from './scene';
import { PictureLayer } from './pictureLayer';
import { PointedPlace } from './pointedPlace';
import { listenToStage, type StageActions } from './stageInput';
import { stageElement } from './stageElement';
import type { StageEvents } from './stageEvents';
import { stageSnapshot } from './stageSnapshot';
import { boxColors, type BoxColors } from './boxColors';
import { VectorLayer } from './vectorLayer';
import { toImage, type Point, type Size, type StageSize, type Viewport } from './viewport';

/** Picture, heatmap and boxes on top of each other; draws at most once per animation frame. */
export class LensStage implements Disposable {
  readonly element = stageElement();
  private readonly picture: PictureLayer;
  private readonly heat: HeatLayer;
  private readonly vectors = new VectorLayer();
  private readonly camera: CameraControl;
  private readonly disposables = new DisposableStore();
  private readonly motion = matchMedia('(prefers-reduced-motion: reduce)');

  private image: LensImage | undefined;
  private view: ViewState = defaultViewState;
  private scene: Scene = emptyScene;
  private colors: BoxColors | undefined;
  private font = '11px sans-serif';
  private stage: StageSize = { width: 1, height: 1, pixels: { width: 1, height: 1 } };
  private frame = 0;
  private pictureSize: Size = { width: 1, height: 1 };
  private readonly pointed = new PointedPlace();
  /** What the anchors at the place depend on, as it was when the tooltip was told of them. */
  private told: readonly unknown[] = [];
  private peeking = false;

  constructor(private readonly events: StageEvents) {
    const { element } = this;
    this.picture = this.disposables.add(
      new PictureLayer(size => {
        this.events.pictureLoaded(size !== undefined);
        if (size !== undefined && this.image === undefined) this.setPictureSize(size);
      }),
    );
    const requestDraw = () => this.requestDraw();
    const reducedMotion = () => this.motion.matches;
    this.heat = this.disposables.add(new HeatLayer(requestDraw, reducedMotion));
    this.camera = new CameraControl(requestDraw, reducedMotion);
    this.heat.canvas.className = 'heat';
    this.vectors.canvas.className = 'vectors';
    for (const canvas of [this.heat.canvas, this.vectors.canvas]) canvas.setAttribute('aria-hidden', 'true');
    element.append(this.picture.element, this.heat.canvas, this.vectors.canvas);
    this.disposables.add(listenToStage(element, this.actions()));
    const resized = new ResizeObserver(([entry]) => this.resize(entry));
    resized.observe(element, { box: 'device-pixel-content-box' });
    this.disposables.add(toDisposable(() => resized.disconnect()));
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.disposables.dispose();
    this.element.remove();
  }

  /** Shows a picture without analysis, or none. */
  showPicture(uri: string | undefined): void {
    this.image = undefined;
    this.heat.setImage(undefined);
    this.scene = emptyScene;
    this.element.classList.toggle('empty', uri === undefined);
    this.picture.setSource(uri);
    this.requestDraw();
  }

  showImage(image: LensImage, view: ViewState): void {
    const { width, height, file } = image.analysis.image;
    this.image = image;
    this.heat.setImage(image);
    this.element.classList.remove('empty');
    this.picture.setSource(image.imageUri);
    this.view = view;
    this.setPictureSize({ width, height }, view.image === file ? view.camera : undefined);
    this.setView(view);
  }

  /** The same image with other losses; drawn at once. */
  updateImage(image: LensImage, view: ViewState): void {
    this.image = image;
    this.heat.setImage(image);
    this.setView(view);
    this.drawNow();
  }

  setView(view: ViewState): void {
    this.view = view;
    if (this.image !== undefined) {
      this.scene = { ...sceneOf(this.image, view), highlighted: this.scene.highlighted };
    }
    this.requestDraw();
  }

  setHighlight(box: XywhBox | undefined): void {
    const { image, view } = this;
    const highlighted = box === undefined || image === undefined ? undefined : namedBox(image, view, box);
    this.scene = { ...this.scene, highlighted };
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

  /** What the stage shows, as one canvas of device pixels. */
  snapshot(): HTMLCanvasElement {
    const now = performance.now();
    this.draw(now);
    const layers = { picture: this.picture.element, heat: this.heat.canvas, vectors: this.vectors.canvas };
    return stageSnapshot(layers, this.camera.viewport(now));
  }

  private actions(): StageActions {
    return {
      hover: point => {
        this.pointed.setPointer(point);
        this.showHovered();
      },
      keysOnStage: on => {
        const { byKeys } = this.pointed;
        this.pointed.setKeys(on);
        if (byKeys !== this.pointed.byKeys) this.showHovered();
      },
      click: (point, compares) => {
        const hits = this.hitsAt(point);
        this.events.clicked(hits, this.pointed.indexOf(hits), compares);
      },
      undoClick: () => this.events.clickUndone(),
      pan: (x, y, eased) => {
        this.camera.panBy(x, y, eased);
        this.cameraMoved();
      },
      zoom: (factor, point) => this.zoomBy(factor, point),
      zoomBy: factor => this.zoomBy(factor),
      fit: () => this.fit(),
      actualSize: () => this.actualSize(),
      peek: hidden => {
        if (hidden === this.peeking) return;
        this.peeking = hidden;
        this.requestDraw();
      },
      stepAnchor: direction => this.step(direction),
      pinHovered: compares => {
        const hits = this.hitsAt(this.point);
        if (hits.length > 0) this.events.clicked(hits, this.pointed.indexOf(hits), compares);
      },
      unpin: () => {
        const { pinned, focus } = this.view;
        if (pinned !== undefined || focus !== undefined) this.events.unpin();
        else if (this.pointed.byKeys) {
          this.pointed.setKeys(false);
          this.showHovered();
        }
      },
    };
  }

  /** The place that is pointed at. */
  private get point(): Point | undefined {
    return this.pointed.point(this.stage);
  }

  private showHovered(byKeys = this.pointed.byKeys): void {
    const hits = this.hitsAt(this.point);
    this.told = this.basis(this.camera.viewport(performance.now()));
    this.events.hovered(hits, this.point, this.pointed.indexOf(hits), byKeys);
    this.requestDraw();
  }

  /** Tells anew of the anchors at the place where picture, camera or filter have changed under a pointer at rest. */
  private followMotion(viewport: Viewport): void {
    if (this.point === undefined) return;
    const basis = this.basis(viewport);
    const isSame = basis.every((part, i) => part === this.told[i]);
    if (!isSame) this.showHovered();
  }

  private basis(viewport: Viewport): readonly unknown[] {
    const { metric, levelMask, filter } = this.view;
    return [viewport, this.image, metric, levelMask, filter];
  }

  /** Goes through the anchors at the place; without any, through those at the pinned one's. */
  private step(direction: 1 | -1): void {
    const hits = this.hitsAt(this.point);
    const isPinned = hits.some(({ anchor }) => anchor === this.view.pinned);
    if (hits.length === 0 || isPinned) {
      this.events.stepAnchor(direction);
      return;
    }
    this.pointed.step(hits, direction);
    this.showHovered(true);
  }

  private hitsAt(point: Point | undefined): AnchorHit[] {
    const { image, view } = this;
    if (image === undefined || point === undefined) return [];
    const place = toImage(this.camera.viewport(performance.now()), point);
    return anchorsAt(image, image.values(orderMetric(view.metric)), view.levelMask, place, image.passing(view.filter));
  }

  private cameraMoved(): void {
    this.events.cameraChanged(this.camera.camera);
  }

  private setPictureSize(size: Size, camera?: Camera): void {
    this.picture.setSize(size);
    this.pictureSize = size;
    this.camera.setImage(size, camera);
  }

  private resize(entry: ResizeObserverEntry | undefined): void {
    const { width, height } = this.element.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    const exact = entry?.devicePixelContentBoxSize[0];
    const pixels =
      exact === undefined
        ? { width: Math.round(width * devicePixelRatio), height: Math.round(height * devicePixelRatio) }
        : { width: exact.inlineSize, height: exact.blockSize };
    this.stage = { width, height, pixels };
    this.camera.setStage(this.stage);
    this.events.resized();
    // Before the browser paints this layout, not a frame later.
    this.drawNow();
  }

  private requestDraw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(now => {
      this.frame = 0;
      this.draw(now);
    });
  }

  private drawNow(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.draw(performance.now());
  }

  private draw(now: number): void {
    const viewport = this.camera.viewport(now);
    this.picture.place(viewport);
    this.followMotion(viewport);
    const { image, point, pointed, stage } = this;
    const hits = this.hitsAt(point);
    const hit = hits[pointed.indexOf(hits)];
    this.heat.draw(this.view, viewport, stage, hit, this.peeking);
    this.colors ??= this.readColors();
    const hovered = image === undefined || hit === undefined ? undefined : shownAnchor(image, hit.anchor, false);
    const scene = { ...this.scene, hovered };
    const place = point === undefined ? undefined : toImage(viewport, point);
    const under = {
      crosshair: pointed.byKeys && image !== undefined ? point : undefined,
      box: place === undefined ? undefined : boxUnder(scene, place.x, place.y),
    };
    this.vectors.draw(scene, under, viewport, stage, this.pictureSize, this.colors, this.font);
  }

  private readColors(): BoxColors {
    const style = getComputedStyle(this.element);
    this.font = `11px ${style.fontFamily}`;
    return boxColors(style);
  }
}
