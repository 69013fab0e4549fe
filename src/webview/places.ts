import { toCorners, type CornerBox, type XywhBox } from '../common/boxes';
import { strongestCentred } from './lens/centredAnchors';
import { anchorBox } from './lens/geometry';
import type { LensImage } from './lens/lensImage';
import type { ViewState } from './lens/viewState';
import type { Pins } from './pins';

/** What places are on, and who is moved there. */
export interface PlaceHost {
  readonly pins: Pins;
  image(): LensImage | undefined;
  view(): ViewState;
  setView(change: Partial<ViewState>): void;
  zoomTo(box: CornerBox): void;
}

/** Brings the user to a label, an anchor or any other place of the picture. */
export class Places {
  constructor(private readonly host: PlaceHost) {}

  /** Zooms to a label and shows the anchors matched to it alone; all again where that is so already. */
  toggleLabel(label: number): void {
    const { filter } = this.host.view();
    if (filter.label === label) this.host.setView({ filter: { ...filter, label: undefined } });
    else this.showLabel(label);
  }

  /** Zooms to a label and shows the anchors matched to it alone; to one without any, as to any other place. */
  showLabel(label: number): void {
    const found = this.host.image()?.analysis.labels[label];
    if (found === undefined) return;
    if (found.anchors === 0) {
      this.focus(found.bbox);
      return;
    }
    this.host.setView({ filter: { ...this.host.view().filter, label }, focus: undefined });
    this.host.zoomTo(toCorners(found.bbox));
  }

  showAnchor(anchor: number): void {
    this.host.pins.pin(anchor);
    const image = this.host.image();
    if (image !== undefined) this.host.zoomTo(anchorBox(image.analysis, anchor));
  }

  /**
   * Zooms to a box of original image pixels, marks it and inspects the strongest anchor centred in it: of those that the
   * filter shows, or without any, of all. A box without area is shown, but no anchor is centred in it; one beyond the
   * picture is not followed.
   */
  focus(bbox: XywhBox): void {
    const image = this.host.image();
    const box = ordered(toCorners(bbox));
    if (image === undefined || !isOnPicture(image, box)) return;
    const filter = { ...this.host.view().filter, label: undefined };
    const hasArea = box[2] > box[0] && box[3] > box[1];
    const anchor = hasArea
      ? (strongestCentred(image, box, image.passing(filter)) ?? strongestCentred(image, box))
      : undefined;
    this.host.setView({ filter });
    this.host.pins.unpin();
    if (anchor !== undefined) this.host.pins.pin(anchor);
    this.host.setView({ focus: bbox });
    this.host.zoomTo(box);
  }
}

/** A label's width may be negative. */
function ordered([x1, y1, x2, y2]: CornerBox): CornerBox {
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}

function isOnPicture({ analysis }: LensImage, [x1, y1, x2, y2]: CornerBox): boolean {
  const { width, height } = analysis.image;
  return x1 <= width && y1 <= height && x2 >= 0 && y2 >= 0;
}
