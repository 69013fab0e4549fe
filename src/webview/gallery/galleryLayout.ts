import type { GallerySection } from '../../protocol/galleryStore';
import type { TileSize } from './galleryView';
import { layoutGrid, type GridLayout } from './gridLayout';

/** Least widths of tiles, CSS pixels. */
const tileWidths: Readonly<Record<TileSize, number>> = { small: 112, medium: 168, large: 256 };
/** The style sheet says the same of captions and headings. */
const [gap, caption, heading] = [8, 40, 34];

/** Where the tiles of sections stand; sections without a name have no headings. */
export function galleryLayout(sections: readonly GallerySection[], size: TileSize, width: number): GridLayout {
  const isNamed = sections.some(({ kind, category }) => kind !== undefined || category !== undefined);
  return layoutGrid(
    sections.map(({ count }) => count),
    { width, tile: tileWidths[size], gap, caption, heading: isNamed ? heading : 0 },
  );
}
