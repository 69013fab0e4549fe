import type { Camera } from '../lens/viewState';
import {
  between,
  clamp,
  filled,
  fit,
  toImage,
  withContext,
  zoomAt,
  type Point,
  type Size,
  type Viewport,
} from './viewport';

const animationMs = 180;

interface Animation {
  readonly from: Viewport;
  readonly started: number;
}

/** Moves the viewport: at once while dragging, eased otherwise; follows the stage's size while fitted. */
export class CameraControl {
  private stage: Size = { width: 1, height: 1 };
  private image: Size = { width: 1, height: 1 };
  private target: Viewport = { scale: 1, x: 0, y: 0 };
  private animation: Animation | undefined;
  private fitted = true;

  /** @param changed called when a new frame is needed */
  constructor(
    private readonly changed: () => void,
    private readonly reducedMotion: () => boolean,
  ) {}

  setStage(stage: Size): void {
    const { width, height } = this.stage;
    this.stage = stage;
    // The image point in the middle stays there.
    if (this.fitted) this.jump(fit(stage, this.image));
    else {
      const { scale, x, y } = this.target;
      this.jump(
        clamp({ scale, x: x + (stage.width - width) / 2, y: y + (stage.height - height) / 2 }, stage, this.image),
      );
    }
  }

  setImage(image: Size, camera: Camera | undefined): void {
    this.image = image;
    this.fitted = camera === undefined;
    this.jump(camera === undefined ? fit(this.stage, image) : clamp(this.centred(camera), this.stage, image));
  }

  /** Undefined while the image is fitted. */
  get camera(): Camera | undefined {
    if (this.fitted) return undefined;
    const centre = toImage(this.target, { x: this.stage.width / 2, y: this.stage.height / 2 });
    return { ...centre, scale: this.target.scale };
  }

  get scale(): number {
    return this.target.scale;
  }

  fit(): void {
    this.fitted = true;
    this.go(fit(this.stage, this.image));
  }

  /**
   * Zooms in to a box with what is around it, without leaving the stage empty where there is picture to fill it; a box
   * that is large in the fitted picture is seen best there.
   */
  zoomTo(box: Point & Size): void {
    const view = withContext(this.stage, box);
    if (view.scale <= fit(this.stage, this.image).scale) this.fit();
    else {
      this.fitted = false;
      this.go(filled(view, this.stage, this.image));
    }
  }

  zoomBy(factor: number, pointer: Point = { x: this.stage.width / 2, y: this.stage.height / 2 }): void {
    this.fitted = false;
    this.go(zoomAt(this.target, pointer, factor, this.stage, this.image));
  }

  /** `scale` CSS pixels per image pixel. */
  zoomToScale(scale: number): void {
    this.zoomBy(scale / this.target.scale);
  }

  panBy(x: number, y: number, eased = false): void {
    this.fitted = false;
    const moved = clamp(
      { scale: this.target.scale, x: this.target.x + x, y: this.target.y + y },
      this.stage,
      this.image,
    );
    if (eased) this.go(moved);
    else this.jump(moved);
  }

  /** The viewport at `now`; asks for another frame while it moves. */
  viewport(now: number): Viewport {
    if (this.animation === undefined) return this.target;
    const t = Math.min(1, (now - this.animation.started) / animationMs);
    if (t >= 1) {
      this.animation = undefined;
      return this.target;
    }
    this.changed();
    return between(this.animation.from, this.target, 1 - (1 - t) ** 3);
  }

  private centred({ x, y, scale }: Camera): Viewport {
    return { scale, x: this.stage.width / 2 - x * scale, y: this.stage.height / 2 - y * scale };
  }

  private go(target: Viewport): void {
    const now = performance.now();
    const from = this.viewport(now);
    this.target = target;
    this.animation = this.reducedMotion() ? undefined : { from, started: now };
    this.changed();
  }

  private jump(target: Viewport): void {
    this.target = target;
    this.animation = undefined;
    this.changed();
  }
}
