import type { GridActions } from './galleryGrid';
import type { GalleryKeyActions } from './galleryKeys';
import type { GalleryView } from './galleryView';

/** What the page's controls do. */
export interface GalleryActions extends Omit<GridActions, 'openInLens'> {
  setView(change: Partial<GalleryView>): void;
  /** Has the host run one of its commands. */
  host(method: 'analyzeDataset' | 'chooseDataset' | 'openSample'): void;
  dismissMessage(): void;
  /** What keys and buttons do alike. */
  readonly keys: GalleryKeyActions;
}
