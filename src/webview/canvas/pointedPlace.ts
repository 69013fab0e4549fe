import type { AnchorHit } from '../lens/hitTest';
import type { Point, Size } from './viewport';

/**
 * What of the stage is pointed at: the pointer's place or, while no pointer is over the stage, its middle once the
 * keyboard is at work there; and which of the anchors at that place is shown.
 */
export class PointedPlace {
  private pointer: Point | undefined;
  private keys = false;
  /** Which of the anchors is shown; begins anew at each place. */
  private index = 0;
  private place = '';

  setPointer(point: Point | undefined): void {
    this.pointer = point;
    if (point !== undefined) this.keys = false;
  }

  /** The keyboard has come to the stage, or left it. */
  setKeys(on: boolean): void {
    this.keys = on && this.pointer === undefined;
  }

  /** Whether the keyboard does the pointing. */
  get byKeys(): boolean {
    return this.keys;
  }

  point({ width, height }: Size): Point | undefined {
    return this.keys ? { x: width / 2, y: height / 2 } : this.pointer;
  }

  /** Which of the anchors at a place is shown: the first, unless the user went on to another. */
  indexOf(hits: readonly AnchorHit[]): number {
    let lowest = Infinity;
    for (const { anchor } of hits) lowest = Math.min(lowest, anchor);
    const place = `${hits.length} ${lowest}`;
    if (place !== this.place) {
      this.place = place;
      this.index = 0;
    }
    return this.index;
  }

  /** Goes on to the next or back to the former of the anchors at the place. */
  step(hits: readonly AnchorHit[], direction: 1 | -1): void {
    this.index = Math.max(0, Math.min(hits.length - 1, this.indexOf(hits) + direction));
  }
}
