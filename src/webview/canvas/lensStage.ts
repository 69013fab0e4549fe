import { toCorners, type CornerBox, type XywhBox } from '../../common/boxes';
import { DisposableStore, toDisposable, type Disposable } from '../../common/disposables';
import { anchorsAt, type AnchorHit } from '../lens/hitTest';
import type { LensImage } from '../lens/lensImage';
import { defaultViewState, type Camera, type ViewState } from '../lens/viewState';
import { CameraControl } from './cameraControl';
import { HeatLayer } from './heatLayer';
import { emptyScene, sceneOf, shownAnchor, type Scene } from './scene';
import { listenToStage, type StageActions } from './stageInput';
import { VectorLayer, type BoxColors } from './vectorLayer';
import { toImage, type Point, type Size } from './viewport';

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
  private stage: Size = { width: 1, height: 1 };
  private frame = 0;
  private pointer: Point | undefined;
  private peeking = false;

  constructor(private readonly events: StageEvents) {
    const { element, picture } = this;
    element.className = 'stage';
    element.tabIndex = 0;
    element.setAttribute('role', 'application');
    element.setAttribute('aria-roledescription', 'zoomable picture');
    picture.className = 'picture';
    picture.alt = '';
    picture.draggable = false;
    const requestDraw = () => this.requestDraw();
    const reducedMotion = () => this.motion.matches;
    this.heat = this.disposables.add(new HeatLayer(requestDraw, reducedMotion));
    this.camera = new CameraControl(requestDraw, reducedMotion);
    this.heat.canvas.className = 'heat';
    this.vectors.canvas.className = 'vectors';
    for (const canvas of [this.heat.canvas, this.vectors.canvas]) canvas.setAttribute('aria-hidden', 'true');
    element.append(picture, this.heat.canvas, this.vectors.canvas);
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
    this.heat.setImage(undefined);
    this.scene = emptyScene;
    this.element.classList.toggle('empty', uri === undefined);
    this.setSource(uri);
    this.requestDraw();
  }

  showImage(image: LensImage, view: ViewState): void {
    const { width, height, file } = image.analysis.image;
    this.image = image;
    this.heat.setImage(image);
    this.element.classList.remove('empty');
    this.setSource(image.imageUri);
    this.view = view;
    this.setPictureSize({ width, height }, view.image === file ? view.camera : undefined);
    this.setView(view);
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

  private actions(): StageActions {
    return {
      hover: point => {
        this.pointer = point;
        this.events.hovered(this.hitsAt(point), point);
        this.requestDraw();
      },
      click: point => this.events.clicked(this.hitsAt(point)),
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
      stepAnchor: direction => this.events.stepAnchor(direction),
      unpin: () => this.events.unpin(),
    };
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
    this.heat.draw(this.view, viewport, this.stage, hit, this.peeking);
    this.colors ??= this.readColors();
    const hovered =
      this.image === undefined || hit === undefined ? undefined : shownAnchor(this.image, hit.anchor, false);
    const scene = { ...this.scene, hovered };
    this.vectors.draw(scene, viewport, this.stage, devicePixelRatio, this.colors, this.font);
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
      verdicts: {
        truePositive: read('--lens-detection'),
        badlyPlaced: read('--lens-badly-placed'),
        wrongClass: read('--lens-wrong-class'),
        duplicate: read('--lens-duplicate'),
        both: read('--lens-class-and-place'),
        background: read('--lens-false-positive'),
        ignored: read('--lens-duplicate'),
      },
    };
  }
}
