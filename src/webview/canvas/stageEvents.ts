import type { AnchorHit } from '../lens/hitTest';
import type { Camera } from '../lens/viewState';
import type { Point } from './viewport';

/** What the stage tells of. */
export interface StageEvents {
  /**
   * The anchors at the place that is pointed at, hottest first, which of them is shown, and that place on the stage.
   * @param byKeys whether a key has led there
   */
  hovered(hits: readonly AnchorHit[], point: Point | undefined, index: number, byKeys: boolean): void;
  /** @param compares whether the anchor is meant as a second one, beside the pinned */
  clicked(hits: readonly AnchorHit[], index: number, compares: boolean): void;
  /** The last click was the first half of a double click, which means something else. */
  clickUndone(): void;
  cameraChanged(camera: Camera | undefined): void;
  /** The stage has another size, so what is fitted to it has another scale. */
  resized(): void;
  /** Whether the picture could be shown. */
  pictureLoaded(ok: boolean): void;
  stepAnchor(direction: 1 | -1): void;
  unpin(): void;
}
