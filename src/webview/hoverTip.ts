import { render } from 'lit';
import type { Point } from './canvas/viewport';
import type { AnchorHit } from './lens/hitTest';
import type { LensImage } from './lens/lensImage';
import type { Metric } from './lens/metrics';
import { tooltip, tooltipPlace } from './tooltip';

/** The tooltip on the stage: one of the anchors under the pointer. */
export class HoverTip {
  readonly element = document.createElement('div');

  constructor(private readonly stage: HTMLElement) {
    this.element.className = 'tip';
    this.element.hidden = true;
    stage.append(this.element);
  }

  /**
   * @param index which of `hits`
   * @param shown what the heatmap shows
   */
  show(
    image: LensImage | undefined,
    hits: readonly AnchorHit[],
    point: Point | undefined,
    index: number,
    shown: Metric,
  ): void {
    const { element } = this;
    const isShown = image !== undefined && point !== undefined && hits.length > 0;
    element.hidden = !isShown;
    if (!isShown) return;
    render(tooltip(image, hits, index, shown), element);
    const { clientWidth, clientHeight } = this.stage;
    const size = { width: element.offsetWidth, height: element.offsetHeight };
    const { x, y } = tooltipPlace(point, size, { width: clientWidth, height: clientHeight });
    element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}
