import { toCorners, type CornerBox, type XywhBox } from '../../common/boxes';
import { DisposableStore, toDisposable, type Disposable } from '../../common/disposables';
import { anchorsAt, type AnchorHit } from '../lens/hitTest';
import type { LensImage } from '../lens/lensImage';
import { defaultViewState, type Camera, type ViewState } from '../lens/viewState';
import { CameraControl } from './cameraControl';
import { HeatLayer } from './heatLayer';
import { emptyScene, sceneOf, shownAnchor, type Scene } from './scene';
import { PictureLayer } from './pictureLayer';
import { listenToStage, type StageActions } from './stageInput';
import { stageSnapshot } from './stageSnapshot';
import { boxColors, type BoxColors } from './boxColors';
import { VectorLayer } from './vectorLayer';
import { toImage, type Point, type Size, type StageSize } from './viewport';

export interface StageEvents {
  /** The anchors under the pointer, hottest first, which of them is shown, and the pointer's place on the stage. */
  hovered(hits: readonly AnchorHit[], point: Point | undefined, index: number): void;
  /** @param compares whether the anchor is meant as a second one, beside the pinned */
  clicked(hits: readonly AnchorHit[], index: number, compares: boolean): void;
  cameraChanged(camera: Camera | undefined): void;
  /** The stage has another size, so what is fitted to it has another scale. */
  resized(): void;
  /** Whether the picture could be shown. */
  pictureLoaded(ok: boolean): void;
  stepAnchor(direction: 1 | -1): void;
  unpin(): void;
}

const description =
  'Picture with labels, detections and heatmap of the loss. Plus and minus zoom, arrows pan, 0 fits, 1 shows actual ' +
  'size, H hides the heatmap while held, brackets go through the anchors under the pointer, Enter inspects. The list of ' +
  'hardest anchors says the same in numbers.';

/** Picture, heatmap and boxes on top of each other; draws at most once per animation frame. */
export class LensStage implements Disposable {
  readonly element = document.createElement('div');
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
  private pointer: Point | undefined;
  private peeking = false;
  /** Which of the anchors under the pointer is shown; begins anew at each place. */
  private hitIndex = 0;
  private place = '';

  constructor(private readonly events: StageEvents) {
    const { element } = this;
    element.className = 'stage';
    element.tabIndex = 0;
    element.setAttribute('role', 'application');
    element.setAttribute('aria-roledescription', 'zoomable picture');
    element.setAttribute('aria-label', description);
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
        this.pointer = point;
        this.showHovered();
      },
      click: (point, compares) => {
        const hits = this.hitsAt(point);
        this.events.clicked(hits, this.indexOf(hits), compares);
      },
      pan: (x, y, eased) => {
        this.camera.panBy(x, y, eased);
        this.cameraMoved();
      },
      zoom: (factor, point) => this.zoomBy(factor, point),
      fit: () => this.fit(),
      actualSize: () => this.actualSize(),
      peek: hidden => {
        this.peeking = hidden;
        this.requestDraw();
      },
      stepAnchor: direction => this.step(direction),
      pinHovered: () => {
        const hits = this.hitsAt(this.pointer);
        if (hits.length > 0) this.events.clicked(hits, this.indexOf(hits), false);
      },
      unpin: () => this.events.unpin(),
    };
  }

  private showHovered(): void {
    const hits = this.hitsAt(this.pointer);
    this.events.hovered(hits, this.pointer, this.indexOf(hits));
    this.requestDraw();
  }

  /** Goes through the anchors under the pointer; without any, through those at the pinned one's place. */
  private step(direction: 1 | -1): void {
    const hits = this.hitsAt(this.pointer);
    const isPinned = hits.some(({ anchor }) => anchor === this.view.pinned);
    if (hits.length === 0 || isPinned) {
      this.events.stepAnchor(direction);
      return;
    }
    this.hitIndex = Math.max(0, Math.min(hits.length - 1, this.indexOf(hits) + direction));
    this.showHovered();
  }

  /** Which of the anchors at a place is shown: the hottest, unless the user went on to another. */
  private indexOf(hits: readonly AnchorHit[]): number {
    const place = `${hits.length} ${hits.map(({ anchor }) => anchor).reduce((low, anchor) => Math.min(low, anchor), Infinity)}`;
    if (place !== this.place) {
      this.place = place;
      this.hitIndex = 0;
    }
    return this.hitIndex;
  }

  private hitsAt(point: Point | undefined): AnchorHit[] {
    const { image, view } = this;
    if (image === undefined || point === undefined || !view.heatmap) return [];
    const place = toImage(this.camera.viewport(performance.now()), point);
    return anchorsAt(image, image.values(view.metric), view.levelMask, place, image.passing(view.filter));
  }

  private cameraMoved(): void {
    this.events.cameraChanged(this.camera.camera);
  }

  private setPictureSize(size: Size, camera?: Camera): void {
    this.picture.setSize(size);
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
    const hits = this.hitsAt(this.pointer);
    const hit = hits[this.indexOf(hits)];
    this.heat.draw(this.view, viewport, this.stage, hit, this.peeking);
    this.colors ??= this.readColors();
    const hovered =
      this.image === undefined || hit === undefined ? undefined : shownAnchor(this.image, hit.anchor, false);
    const scene = { ...this.scene, hovered };
    this.vectors.draw(scene, viewport, this.stage, this.colors, this.font);
  }

  private readColors(): BoxColors {
    const style = getComputedStyle(this.element);
    this.font = `11px ${style.fontFamily}`;
    return boxColors(style);
  }
}
