import type { PlacedCrop } from '../../protocol/messages';
import { CropQueue } from './cropQueue';

export type LoadCrop = (
  request: { readonly key: string; readonly size: number; readonly heat: boolean },
  signal: AbortSignal,
) => Promise<PlacedCrop>;

/** Bytes of pictures that are kept: about a thousand tiles. */
const maxBytes = 24 * 2 ** 20;
/** Sides of tiles' pictures are rounded up to this, so that a window that is resized a little needs no new ones. */
const step = 80;
/** The strip's, CSS pixels. */
const largeSide = 160;

/** The pictures of items: plain ones, and with heatmaps, which take a forward pass each and come one by one. */
export class GalleryPictures {
  private readonly plain: CropQueue<PlacedCrop>;
  private readonly heated: CropQueue<PlacedCrop>;
  private size = step;
  private heat = false;

  constructor(load: LoadCrop, onChange: () => void) {
    const queue = (heat: boolean, atOnce: number) =>
      new CropQueue<PlacedCrop>({
        load: (key, signal) => {
          const at = key.indexOf(' ');
          return load({ size: Number(key.slice(0, at)), key: key.slice(at + 1), heat }, signal);
        },
        sizeOf: ({ uri }) => uri.length,
        onChange,
        atOnce,
        maxSize: maxBytes,
      });
    this.plain = queue(false, 4);
    this.heated = queue(true, 1);
  }

  /** @param tile side of a tile's picture, CSS pixels */
  setup(tile: number, heat: boolean): void {
    this.size = pixels(tile);
    this.heat = heat;
  }

  /** @param keys of the items in view, the most important first */
  want(focused: string | undefined, keys: readonly string[]): void {
    const all = [
      ...(focused === undefined ? [] : [`${pixels(largeSide)} ${focused}`, `${this.size} ${focused}`]),
      ...keys.map(key => `${this.size} ${key}`),
    ];
    const wanted = [...new Set(all)];
    this.plain.want(wanted);
    this.heated.want(this.heat ? wanted : []);
  }

  ofTile(key: string): PlacedCrop | null | undefined {
    return this.get(`${this.size} ${key}`);
  }

  ofStrip(key: string): PlacedCrop | null | undefined {
    return this.get(`${pixels(largeSide)} ${key}`) ?? this.ofTile(key);
  }

  clear(): void {
    this.plain.clear();
    this.heated.clear();
  }

  /** The plain picture until the heatmap is there, and where there is none. */
  private get(key: string): PlacedCrop | null | undefined {
    return (this.heat ? this.heated.get(key) : undefined) ?? this.plain.get(key);
  }
}

function pixels(side: number): number {
  return Math.min(1200, Math.ceil((side * Math.min(2, window.devicePixelRatio)) / step) * step);
}
