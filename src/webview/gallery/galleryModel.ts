import type { GalleryDetails, GalleryItem, GalleryState } from '../../protocol/gallery';
import type { GallerySection } from '../../protocol/galleryStore';
import type { PlacedCrop } from '../../protocol/messages';
import type { GalleryView } from './galleryView';
import type { GridLayout, GridRow } from './gridLayout';
import type { ScrollRange } from './scrollRange';

/** All that the page is drawn from. */
export interface GalleryModel {
  readonly view: GalleryView;
  readonly state: GalleryState;
  /** Whether the sections of the present list are known. */
  readonly isListed: boolean;
  readonly sections: readonly GallerySection[];
  readonly layout: GridLayout;
  readonly range: ScrollRange;
  /** In view, and a little beyond. */
  readonly rows: readonly GridRow[];
  /** Height in the grid at the upper edge, and where the scroll bar stands for it. */
  readonly top: number;
  readonly scrollTop: number;
  item(index: number): GalleryItem | undefined;
  crop(key: string): PlacedCrop | null | undefined;
  /** The focused tile's, for the strip. */
  readonly large: PlacedCrop | null | undefined;
  /** Of the focused tile. */
  readonly focused: GalleryItem | undefined;
  readonly details: GalleryDetails | undefined;
  /** What was done last, for who cannot see it. */
  readonly announcement: string;
  /** While a fix is being made. */
  readonly busy: boolean;
  readonly message: string | undefined;
}
